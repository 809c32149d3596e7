"""WeChat's server API: who a login code belongs to, and the telephone number a phone code stands for.

Sources: `code2Session`, `getStableAccessToken`, `getPhoneNumber` in the mini-program server reference.
The session key that WeChat answers with never leaves this module.
"""

import threading
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.secrets import wechat_secret
from chalicelib.domain.refusals import LoginCodeRefused, PhoneCodeRefused, WechatUnavailable
from chalicelib.settings import settings

TIMEOUT_SECONDS = (2, 4)
REFUSED_CODES = {40029, 40163, 40226}
"""Bad code, used code, risky user."""

TOKEN_SPENT = {40001, 42001}
MARGIN = timedelta(minutes=5)

_access: dict[str, Any] = {}
_asking = threading.Lock()


def openid_of(code: str) -> str:
    """The WeChat id behind a login code; raises `LoginCodeRefused` or `WechatUnavailable`."""
    answer = _call(
        "GET",
        "/sns/jscode2session",
        params={
            "appid": settings().wechat_app_id,
            "secret": wechat_secret(),
            "js_code": code,
            "grant_type": "authorization_code",
        },
    )
    if answer.get("errcode") in REFUSED_CODES:
        raise LoginCodeRefused("WeChat does not take this login code; ask for a new one")
    openid: str = _wanted(answer, "openid")
    return openid


def phone_of(code: str, *, now: datetime) -> str:
    """The verified number behind a phone code, as WeChat writes it with its country code.

    Raises `PhoneCodeRefused` or `WechatUnavailable`.
    """
    token = _access_token(now)
    answer = _phone_answer(code, token)
    if answer.get("errcode") in TOKEN_SPENT:
        answer = _phone_answer(code, _access_token(now, spent=token))
    if answer.get("errcode") in REFUSED_CODES:
        raise PhoneCodeRefused("WeChat does not take this phone code; ask for a new one")
    info = _wanted(answer, "phone_info")
    return f"+{info['countryCode']}{info['purePhoneNumber']}"


def _phone_answer(code: str, access_token: str) -> dict[str, Any]:
    return _call(
        "POST",
        "/wxa/business/getuserphonenumber",
        params={"access_token": access_token},
        json={"code": code},
    )


def _access_token(now: datetime, *, spent: str | None = None) -> str:
    """The token to call with, asked for anew when its time is up or it is the one that was spent."""
    with _asking:
        if not _access or _access["expires_at"] <= now or _access["token"] == spent:
            body = {
                "grant_type": "client_credential",
                "appid": settings().wechat_app_id,
                "secret": wechat_secret(),
            }
            answer = _call("POST", "/cgi-bin/stable_token", json=body)
            life = timedelta(seconds=int(_wanted(answer, "expires_in")))
            _access.update(token=_wanted(answer, "access_token"), expires_at=now + life - MARGIN)
        token: str = _access["token"]
        return token


def _call(method: str, path: str, **how: Any) -> dict[str, Any]:
    import requests

    try:
        answer = requests.request(
            method, settings().wechat_endpoint + path, timeout=TIMEOUT_SECONDS, **how
        ).json()
    except (requests.RequestException, ValueError) as fault:
        # `from None`: the fault's text holds the address with the app secret in it.
        raise WechatUnavailable(f"WeChat did not answer ({type(fault).__name__})") from None
    return answer if isinstance(answer, dict) else {}


def _wanted(answer: dict[str, Any], name: str) -> Any:
    if name not in answer:
        raise WechatUnavailable("WeChat asks to try later", errcode=answer.get("errcode"))
    return answer[name]
