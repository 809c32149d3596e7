"""A deed is kept under the month it was done in."""

from datetime import UTC, datetime, timedelta, timezone

from chalicelib.domain.deeds import Deed, month_of
from chalicelib.domain.timeline import Actor, Role

ADMIN = Actor(role=Role.ADMIN, id="admin1")
LAST_MOMENT = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)


def test_the_month_is_utcs_wherever_the_moment_was_told() -> None:
    deed = Deed(id="d", actor=ADMIN, verb="staff.added", subject="seat9", at=LAST_MOMENT)
    assert deed.month == "2026-11"
    assert month_of(LAST_MOMENT.astimezone(timezone(timedelta(hours=8)))) == "2026-11"
    assert month_of(LAST_MOMENT + timedelta(seconds=1)) == "2026-12"
