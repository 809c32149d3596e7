"""Citizens: sign-in with WeChat, telephone, profile."""

import re
from datetime import datetime
from typing import Annotated

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib.adapters import citizens
from chalicelib.domain.citizen import Language, Trade
from chalicelib.domain.refusals import (
    BodyInvalid,
    CitizenNotFound,
    LoginCodeRefused,
    PhoneCodeRefused,
    PhoneInvalid,
    WechatUnavailable,
)
from chalicelib.routes.authorizers import citizen
from chalicelib.routes.contract import ANY, Call, contract
from chalicelib.routes.views import CitizenView, View, citizen_view
from chalicelib.workflows.sign_in_citizen import keep_phone, sign_in_citizen, verify_phone

session = Blueprint(__name__)

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
PLATE = re.compile(r"[\w·.\- ]{2,20}")


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """WeChat's login code."""

    code: Code


class PhoneGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """WeChat's phone code, or a number as typed; one of the two."""

    code: Code | None = None
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None


class ProfileChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields to change; null clears one."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=50)] | UnsetType | None = UNSET
    trade: Trade | UnsetType = UNSET
    plate: Annotated[str, msgspec.Meta(min_length=2, max_length=20)] | UnsetType | None = UNSET
    language: Language | UnsetType = UNSET


class SignedIn(View, frozen=True, kw_only=True):
    """A token, the moment it expires, and whose it is."""

    token: str
    expires_at: datetime
    citizen: CitizenView


class Myself(View, frozen=True, kw_only=True):
    """The signed-in citizen."""

    citizen: CitizenView


@session.route("/session", methods=["POST"], content_types=ANY)
@contract(session, takes=SignIn, gives=SignedIn, refuses=(LoginCodeRefused, WechatUnavailable))
def sign_in(call: Call[SignIn]) -> SignedIn:
    """Turn a WeChat login code into a token."""
    signed_in = sign_in_citizen(call.body.code, now=call.now)
    return SignedIn(
        token=signed_in.token,
        expires_at=signed_in.expires_at,
        citizen=citizen_view(signed_in.citizen, now=call.now),
    )


@session.route("/session", methods=["GET"], authorizer=citizen)
@contract(session, gives=Myself, refuses=(CitizenNotFound,))
def read_myself(call: Call[None]) -> Myself:
    """Who is signed in."""
    return Myself(citizen=citizen_view(citizens.get(call.citizen_id), now=call.now))


@session.route("/session/phone", methods=["POST"], authorizer=citizen, content_types=ANY)
@contract(
    session,
    takes=PhoneGiven,
    gives=Myself,
    refuses=(PhoneInvalid, PhoneCodeRefused, CitizenNotFound, WechatUnavailable),
)
def give_phone(call: Call[PhoneGiven]) -> Myself:
    """Keep a number: verified by WeChat's code, or unverified as typed."""
    body = call.body
    if body.code is not None and body.phone is None:
        return Myself(
            citizen=citizen_view(verify_phone(call.citizen_id, body.code, now=call.now), now=call.now)
        )
    if body.phone is not None and body.code is None:
        return Myself(
            citizen=citizen_view(keep_phone(call.citizen_id, body.phone, now=call.now), now=call.now)
        )
    raise BodyInvalid("give a code or a phone, one of the two", field="code")


@session.route("/session/profile", methods=["PATCH"], authorizer=citizen, content_types=ANY)
@contract(session, takes=ProfileChanged, gives=Myself, refuses=(CitizenNotFound,))
def change_profile(call: Call[ProfileChanged]) -> Myself:
    """Change name, trade, plate or language."""
    return _change_profile(call)


@session.route("/session/profile", methods=["PUT"], authorizer=citizen, content_types=ANY)
@contract(session, takes=ProfileChanged, gives=Myself, refuses=(CitizenNotFound,))
def put_profile(call: Call[ProfileChanged]) -> Myself:
    """The same, for clients that know no PATCH: WeChat's `wx.request` does not."""
    return _change_profile(call)


def _change_profile(call: Call[ProfileChanged]) -> Myself:
    changes = {name: value for name, value in msgspec.structs.asdict(call.body).items() if value is not UNSET}
    plate = changes.get("plate")
    if plate is not None and not PLATE.fullmatch(plate):
        raise BodyInvalid("not a vehicle plate", field="plate")
    return Myself(citizen=citizen_view(citizens.set_profile(call.citizen_id, changes), now=call.now))
