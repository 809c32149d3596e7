"""Tell a citizen whether the bureau serves the place she is at."""

import msgspec

from chalicelib.adapters.county import county, jurisdiction, outside_notice, outside_notice_en
from chalicelib.domain.incident import Mode
from chalicelib.domain.jurisdiction import Verdict, verdict
from chalicelib.domain.position import Point


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict, what to tell her, the numbers to use instead, and the modes open to her."""

    verdict: Verdict
    notice: str | None
    notice_en: str | None
    modes: list[Mode]
    emergency_number: str
    text_number: str


def check_jurisdiction(point: Point, accuracy_m: float | None) -> Coverage:
    """Where the point lies, and what follows from it."""
    bureau, found = county(), verdict(jurisdiction(), point, accuracy_m)
    outside = found is Verdict.OUTSIDE
    return Coverage(
        verdict=found,
        notice=outside_notice() if outside else None,
        notice_en=outside_notice_en() if outside else None,
        modes=[Mode.SILENT] if outside else list(Mode),
        emergency_number=bureau.emergency_number,
        text_number=bureau.text_number,
    )
