"""Hits: what still counts."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.hits import Hit, Rule, Verdict


@pytest.mark.parametrize(
    ("verdict", "stands"), [(None, True), (Verdict.CONFIRMED, True), (Verdict.DISMISSED, False)]
)
def test_a_hit_counts_until_it_is_dismissed(verdict: Verdict | None, stands: bool) -> None:
    hit = Hit(
        id="a",
        rule=Rule.KEY_PLACE,
        reason="学校",
        found_at=datetime(2026, 11, 22, tzinfo=UTC),
        verdict=verdict,
    )
    assert hit.stands is stands
