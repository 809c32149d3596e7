"""Who holds a texted link: its token in a header, and the key of the device that opened it."""

from typing import Annotated, Any

import msgspec

from chalicelib.domain.link import Holder
from chalicelib.domain.refusals import LinkBoundElsewhere, LinkEnded, LinkNotFound
from chalicelib.routes.contract import Call

TOKEN = "X-Link-Token"  # noqa: S105
DEVICE = "X-Device-Key"
DEVICE_KEY_CHARACTERS = (20, 200)
"""A key of 128 random bits has 22 characters in base64 and 36 as a UUID."""

DEAD = (LinkNotFound, LinkEnded, LinkBoundElsewhere)
"""Why a link opens nothing."""

LastDigits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$", max_length=4)]


def holder(call: Call[Any]) -> Holder:
    """What the request shows; raises `LinkNotFound`, `LinkBoundElsewhere`."""
    token = call.header(TOKEN)
    if token is None:
        raise LinkNotFound("the link's token is missing")
    return Holder(token=token, device_key=device_key(call))


def device_key(call: Call[Any]) -> str | None:
    """The device's own key, if it brings one; raises `LinkBoundElsewhere` for what cannot be one."""
    key = call.header(DEVICE)
    if key is not None and not DEVICE_KEY_CHARACTERS[0] <= len(key) <= DEVICE_KEY_CHARACTERS[1]:
        raise LinkBoundElsewhere("the device's key is too short or too long to be one")
    return key
