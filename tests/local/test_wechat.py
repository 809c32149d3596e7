"""WeChat's stand-in refuses what WeChat refuses, in WeChat's way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.state import State
from infra.local.wechat import APP_ID, WeChat, serve_wechat
from tests.machine import HttpClient

SECRET = "the-app-secret"


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[HttpClient]:
    """A stand-in of this test's own."""
    server = serve_wechat(WeChat(State(directory=tmp_path), app_secret=SECRET))
    yield HttpClient(server.url)
    server.stop(within_seconds=1)


def test_a_sign_in_code_gives_the_openid_of_its_name(stand_in: HttpClient) -> None:
    answer = _sign_in(stand_in, "login-a#1")
    assert answer["openid"] == "openid-a"
    assert "session_key" in answer
    assert _sign_in(stand_in, "login-a#2")["openid"] == "openid-a"


def test_a_sign_in_code_is_taken_once(stand_in: HttpClient) -> None:
    assert "openid" in _sign_in(stand_in, "login-a")
    assert _sign_in(stand_in, "login-a")["errcode"] == 40163


def test_a_used_code_stays_used_after_a_restart(tmp_path: Path) -> None:
    query = {"appid": APP_ID, "secret": SECRET, "js_code": "login-a", "grant_type": "authorization_code"}
    assert "openid" in WeChat(State(directory=tmp_path), app_secret=SECRET).session(query)
    assert WeChat(State(directory=tmp_path), app_secret=SECRET).session(query)["errcode"] == 40163


@pytest.mark.parametrize("code", ["", "login-", "login-#1", "phone-13800138000", "nonsense"])
def test_a_bad_sign_in_code_is_refused(stand_in: HttpClient, code: str) -> None:
    assert _sign_in(stand_in, code)["errcode"] == 40029


def test_another_app_and_a_wrong_secret_are_refused(stand_in: HttpClient) -> None:
    assert _sign_in(stand_in, "login-a", appid="wx0000000000000000")["errcode"] == 40013
    assert _sign_in(stand_in, "login-a", secret="wrong")["errcode"] == 40125
    assert "openid" in _sign_in(stand_in, "login-a"), "a refused sign-in does not use up its code"


@pytest.mark.parametrize("number", ["13800138000", "+8613800138000"])
def test_a_phone_code_gives_its_number(stand_in: HttpClient, number: str) -> None:
    info = _phone(stand_in, _access_token(stand_in), f"phone-{number}#x")["phone_info"]
    assert (info["purePhoneNumber"], info["countryCode"]) == ("13800138000", "86")
    assert info["watermark"]["appid"] == APP_ID


def test_a_phone_code_is_taken_once_and_a_bad_one_never(stand_in: HttpClient) -> None:
    token = _access_token(stand_in)
    assert _phone(stand_in, token, "phone-13800138000")["errcode"] == 0
    assert _phone(stand_in, token, "phone-13800138000")["errcode"] == 40163
    assert _phone(stand_in, token, "phone-abc")["errcode"] == 40029
    assert _phone(stand_in, token, "login-a")["errcode"] == 40029


def test_a_phone_code_needs_a_valid_access_token(stand_in: HttpClient) -> None:
    _access_token(stand_in)
    assert _phone(stand_in, "made-up", "phone-13800138000")["errcode"] == 40001


def test_the_access_token_stays_the_same_until_a_fresh_one_is_asked_for(stand_in: HttpClient) -> None:
    first = _access_token(stand_in)
    assert _access_token(stand_in) == first
    fresh = _access_token(stand_in, force_refresh=True)
    assert fresh != first
    assert _phone(stand_in, first, "phone-13800138000")["errcode"] == 40001
    assert _phone(stand_in, fresh, "phone-13800138000")["errcode"] == 0


def test_no_access_token_without_the_secret(stand_in: HttpClient) -> None:
    body = {"appid": APP_ID, "secret": "wrong", "grant_type": "client_credential"}
    assert stand_in.post("/cgi-bin/stable_token", body).json()["errcode"] == 40125
    assert stand_in.post("/cgi-bin/stable_token", data=b"{").json()["errcode"] == 47001


def _sign_in(stand_in: HttpClient, code: str, **changed: str) -> Any:
    query = {
        "appid": APP_ID,
        "secret": SECRET,
        "js_code": code,
        "grant_type": "authorization_code",
        **changed,
    }
    answer = stand_in.get("/sns/jscode2session", params=query)
    assert answer.status_code == 200, "WeChat says no with HTTP 200"
    return answer.json()


def _access_token(stand_in: HttpClient, **changed: Any) -> str:
    body = {"appid": APP_ID, "secret": SECRET, "grant_type": "client_credential", **changed}
    token: str = stand_in.post("/cgi-bin/stable_token", body).json()["access_token"]
    return token


def _phone(stand_in: HttpClient, token: str, code: str) -> Any:
    query = {"access_token": token}
    return stand_in.post("/wxa/business/getuserphonenumber", {"code": code}, params=query).json()
