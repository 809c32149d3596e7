"""What a demonstration begins with: staff who can sign in, units, departments, a duty roster."""

import json
import logging
import secrets
import string
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from infra.local.state import State

log = logging.getLogger("instant110.local")

ACCOUNTS_NAME = "accounts.json"
STAFF = {
    "seat1": ["call_taker"],
    "seat2": ["call_taker"],
    "commander1": ["commander"],
    "specialist1": ["specialist"],
    "admin1": ["admin"],
}
# Posts on duty, not people.
UNITS = [
    {"name": "城关派出所 1 组", "officer_name": "值班民警", "phone": "+8613800000001"},
    {"name": "东城派出所 1 组", "officer_name": "值班民警", "phone": "+8613800000002"},
    {"name": "冶源派出所 1 组", "officer_name": "值班民警", "phone": "+8613800000003"},
]
DEPARTMENTS = [{"name": "户籍"}, {"name": "交管"}, {"name": "出入境"}]
SHIFTS = [
    {"name": "值班指挥长", "phone": "+8613800000011", "order": 1},
    {"name": "值班副指挥长", "phone": "+8613800000012", "order": 2},
]
SHIFT_HOURS = 12
DAYS = 7


def make_accounts(state: State, *, endpoint: str, pool_id: str) -> list[dict[str, Any]]:
    """Make the staff accounts that are missing, each with a password of its own that the state remembers.

    Returns `{username, password, groups}` for each.
    """
    known = {account["username"]: account for account in state.read(ACCOUNTS_NAME, default=[])}
    accounts = [
        known.get(name) or {"username": name, "password": _password(), "groups": groups}
        for name, groups in STAFF.items()
    ]
    state.write(ACCOUNTS_NAME, accounts)
    cognito = boto3.client("cognito-idp", endpoint_url=endpoint)
    there = {user["Username"] for user in cognito.list_users(UserPoolId=pool_id)["Users"]}
    for account in accounts:
        if account["username"] not in there:
            _make_account(cognito, pool_id, account)
    return accounts


def _make_account(cognito: Any, pool_id: str, account: dict[str, Any]) -> None:
    user = {"UserPoolId": pool_id, "Username": account["username"]}
    cognito.admin_create_user(**user, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**user, Password=account["password"], Permanent=True)
    for group in account["groups"]:
        cognito.admin_add_user_to_group(**user, GroupName=group)


def _password() -> str:
    """Sixteen characters with one of each kind the pool asks for."""
    kinds = [string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.+!"]
    letters = [secrets.choice(kind) for kind in kinds]
    letters += [secrets.choice(string.ascii_letters + string.digits) for _ in range(12)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def make_lists(url: str, *, admin: dict[str, Any]) -> None:
    """Put the demonstration's units, departments and shifts on their lists by the console's API, once each.

    An app that has no such calls yet is left as it is.
    """
    try:
        signed_in = _call(url, "POST", "/console/session", {k: admin[k] for k in ("username", "password")})
        token = str(signed_in["id_token"])
        _make_named(url, token, "/console/units", UNITS)
        _make_named(url, token, "/console/departments", DEPARTMENTS)
        _make_shifts(url, token, now=datetime.now(UTC))
    except (OSError, KeyError, ValueError) as error:
        log.warning("demonstration.no_lists %s", error)


def _make_named(url: str, token: str, path: str, items: list[dict[str, str]]) -> None:
    there = {item["name"] for item in _call(url, "GET", path, token=token)["items"]}
    for item in items:
        if item["name"] not in there:
            _call(url, "POST", path, item, token=token)


def _make_shifts(url: str, token: str, *, now: datetime) -> None:
    """Two posts in shifts of twelve hours for a week; nothing while the roster still goes on."""
    if _call(url, "GET", "/console/duty", token=token)["items"]:
        return
    begin = now.replace(hour=now.hour // SHIFT_HOURS * SHIFT_HOURS, minute=0, second=0, microsecond=0)
    for number in range(DAYS * 24 // SHIFT_HOURS):
        start = begin + number * timedelta(hours=SHIFT_HOURS)
        hours = {"from": start.isoformat(), "to": (start + timedelta(hours=SHIFT_HOURS)).isoformat()}
        for shift in SHIFTS:
            _call(url, "POST", "/console/duty", {**shift, **hours}, token=token)


def _call(
    url: str, method: str, path: str, body: dict[str, Any] | None = None, *, token: str | None = None
) -> Any:
    headers = {"Content-Type": "application/json", "Authorization": token or ""}
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + path, content, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # nosec B310
        return json.load(answer)
