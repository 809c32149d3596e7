"""Who may hold a link: the digits open it, and then only the device that opened it."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from chalicelib.domain.link import AlertLink, Holder, digest_of, fits, must_be_bound
from chalicelib.domain.refusals import LinkBoundElsewhere

LINK = AlertLink(
    token_digest=digest_of("token"),
    incident_id="incident",
    alert_id="alert",
    phone="+8613905360110",
    made_at=datetime(2026, 11, 22, tzinfo=UTC),
    tries_left=5,
)


@pytest.mark.parametrize(("digits", "right"), [("0110", True), ("0111", False), ("110", False), ("", False)])
def test_only_the_last_four_digits_open_it(digits: str, right: bool) -> None:
    assert fits(LINK, digits) is right


@pytest.mark.parametrize("key", [None, "", "another"])
def test_no_other_device_holds_it(key: str | None) -> None:
    bound = replace(LINK, device_digest=digest_of("its own"))
    must_be_bound(bound, Holder(token="token", device_key="its own"))
    with pytest.raises(LinkBoundElsewhere):
        must_be_bound(bound, Holder(token="token", device_key=key))


def test_before_it_is_opened_no_device_holds_it() -> None:
    for key in (None, "", "its own"):
        with pytest.raises(LinkBoundElsewhere):
            must_be_bound(LINK, Holder(token="token", device_key=key))
