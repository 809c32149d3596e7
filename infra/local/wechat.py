"""WeChat's server side, as far as the app asks it: sign-in codes and phone codes.

Faults come as WeChat sends them: HTTP 200 with an `errcode`. Source: the mini-program server API's pages
on `code2Session`, `getStableAccessToken` and `getPhoneNumber`.
"""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local.serving import LocalHandler, LocalServer
from infra.local.state import State

APP_ID = "wx0110011001100110"
USED_CODES_NAME = "wechat-used-codes.jsonl"
ACCESS_TOKEN_LIFE_SECONDS = 7200

_BAD_SECRET = {"errcode": 40125, "errmsg": "invalid appsecret"}
_BAD_APP_ID = {"errcode": 40013, "errmsg": "invalid appid"}
_BAD_CODE = {"errcode": 40029, "errmsg": "invalid code"}
_USED_CODE = {"errcode": 40163, "errmsg": "code been used"}
_BAD_ACCESS_TOKEN = {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
_BAD_GRANT = {"errcode": 40002, "errmsg": "invalid grant_type"}
_BAD_JSON = {"errcode": 47001, "errmsg": "data format error"}


class WeChat:
    """What the stand-in knows: one mini-program, the codes used up, the access tokens given out."""

    def __init__(self, state: State, *, app_secret: str) -> None:
        self._state = state
        self._app_secret = app_secret
        self._used: set[str] = set(state.lines(USED_CODES_NAME))
        self._expiry_of: dict[str, float] = {}
        self._lock = threading.Lock()

    def session(self, query: dict[str, str]) -> dict[str, Any]:
        """`code2Session`: a sign-in code for an openid."""
        if fault := self._fault_of(query):
            return fault
        if query.get("grant_type") != "authorization_code":
            return _BAD_GRANT
        code = query.get("js_code", "")
        name = _meaning(code, "login-")
        if not name:
            return _BAD_CODE
        if not self._use_up(code):
            return _USED_CODE
        return {"openid": f"openid-{name}", "session_key": secrets.token_urlsafe(16)}

    def access_token(self, body: dict[str, Any]) -> dict[str, Any]:
        """`getStableAccessToken`: the same token until it expires or a fresh one is asked for."""
        if fault := self._fault_of(body):
            return fault
        if body.get("grant_type") != "client_credential":
            return _BAD_GRANT
        now = time.monotonic()
        with self._lock:
            valid = [token for token, expiry in self._expiry_of.items() if expiry > now]
            if not valid or body.get("force_refresh") is True:
                valid = [secrets.token_urlsafe(32)]
                self._expiry_of = {valid[0]: now + ACCESS_TOKEN_LIFE_SECONDS}
            return {"access_token": valid[0], "expires_in": int(self._expiry_of[valid[0]] - now)}

    def phone_number(self, access_token: str, body: dict[str, Any]) -> dict[str, Any]:
        """`getPhoneNumber`: a phone code for the number behind it."""
        with self._lock:
            if self._expiry_of.get(access_token, 0) <= time.monotonic():
                return _BAD_ACCESS_TOKEN
        code = str(body.get("code", ""))
        number = _meaning(code, "phone-")
        if not re.fullmatch(r"\+?\d{5,15}", number):
            return _BAD_CODE
        if not self._use_up(code):
            return _USED_CODE
        return {"errcode": 0, "errmsg": "ok", "phone_info": _phone_info(number)}

    def _fault_of(self, fields: dict[str, Any]) -> dict[str, Any] | None:
        if fields.get("appid") != APP_ID:
            return _BAD_APP_ID
        return None if fields.get("secret") == self._app_secret else _BAD_SECRET

    def _use_up(self, code: str) -> bool:
        """Take the code; false when it was taken before, in this run or an earlier one."""
        with self._lock:
            if code in self._used:
                return False
            self._used.add(code)
            self._state.add(USED_CODES_NAME, code)
            return True


class WeChatHandler(LocalHandler):
    """HTTP around `WeChat`."""

    wechat: WeChat

    def answer(self, body: bytes) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.route_template = address.path
        self._send(self._reply_to(f"{self.command} {address.path}", query, body))

    def _reply_to(self, call: str, query: dict[str, str], body: bytes) -> dict[str, Any] | None:
        if call == "GET /sns/jscode2session":
            return self.wechat.session(query)
        if call == "POST /cgi-bin/stable_token":
            return _with_json(body, self.wechat.access_token)
        if call == "POST /wxa/business/getuserphonenumber":
            token = query.get("access_token", "")
            return _with_json(body, lambda fields: self.wechat.phone_number(token, fields))
        return None

    def _send(self, document: dict[str, Any] | None) -> None:
        status = HTTPStatus.NOT_FOUND if document is None else HTTPStatus.OK
        content = json.dumps(document or {}, ensure_ascii=False).encode()
        # WeChat labels its JSON as text; a client that trusts the label would not parse it.
        self.reply(status, {"Content-Type": "text/plain"}, content)


def serve_wechat(wechat: WeChat) -> LocalServer:
    """Start the stand-in on a free port of loopback."""
    server = LocalServer(0)
    server.start("wechat", type("BoundWeChatHandler", (WeChatHandler,), {"wechat": wechat}))
    return server


def _with_json(body: bytes, call: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except ValueError:
        return _BAD_JSON
    return call(fields) if isinstance(fields, dict) else _BAD_JSON


def _meaning(code: str, prefix: str) -> str:
    """What stands between the prefix and a `#`; empty for a code of another kind."""
    return code.removeprefix(prefix).split("#")[0] if code.startswith(prefix) else ""


def _phone_info(number: str) -> dict[str, Any]:
    """The form WeChat gives: the country's code apart, `phoneNumber` bare for a number of the mainland."""
    pure = number.removeprefix("+86")
    return {
        "phoneNumber": pure,
        "purePhoneNumber": pure,
        "countryCode": "86",
        "watermark": {"timestamp": int(time.time()), "appid": APP_ID},
    }
