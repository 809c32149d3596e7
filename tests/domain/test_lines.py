"""When a line is free, and by which name a party enters."""

import re
from datetime import UTC, datetime, timedelta

from chalicelib.domain.asked import new_id
from chalicelib.domain.lines import STALE_AFTER, URL_LIFE, Lease, Party

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def lease(incident_id: str | None, renewed: timedelta | None, rests: timedelta | None) -> Lease:
    return Lease(
        line_id="line-01",
        incident_id=incident_id,
        renewed_at=None if renewed is None else NOW - renewed,
        rests_until=None if rests is None else NOW + rests,
    )


def test_a_line_nobody_ever_had_is_free() -> None:
    assert lease(None, None, None).is_free(NOW)


def test_a_line_in_use_is_free_only_when_nobody_renewed_it_for_long() -> None:
    assert not lease("i", timedelta(seconds=5), None).is_free(NOW)
    assert not lease("i", STALE_AFTER - timedelta(seconds=1), None).is_free(NOW)
    assert lease("i", STALE_AFTER, None).is_free(NOW)


def test_a_released_line_rests_until_its_time() -> None:
    assert not lease(None, None, timedelta(seconds=1)).is_free(NOW)
    assert lease(None, None, timedelta(0)).is_free(NOW)


def test_no_address_outlives_a_stale_lease() -> None:
    assert STALE_AFTER > URL_LIFE


def test_a_client_id_names_incident_and_party_in_characters_the_service_takes() -> None:
    party = Party(incident_id=new_id(), name=f"officer.{new_id()}")
    assert party.client_id == f"{party.incident_id}.{party.name}"
    assert re.fullmatch(r"[a-zA-Z0-9_.-]{1,256}", party.client_id)
