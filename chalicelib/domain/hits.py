"""Hits 重点警情: what makes an incident sensitive, and what the call-taker thinks of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class Rule(StrEnum):
    """What an incident can hit: a key person 重点人, a key place 重点部位, a repeat report 重复报警."""

    KEY_PERSON = "key_person"
    KEY_PLACE = "key_place"
    REPEAT = "repeat"


class Verdict(StrEnum):
    """The call-taker's judgement of a hit 甄别."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that one incident hit.

    `id` is derived from the rule and what was hit, so that the same thing found again is the same hit.
    `evidence` is plain JSON: which entry of a list, distances in metres beside the accuracy, counts,
    times. What names a person stays in the lists and on the incident.
    """

    id: str
    rule: Rule
    reason: str
    found_at: datetime
    evidence: Mapping[str, Any] = {}
    verdict: Verdict | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it still counts: nobody has dismissed it."""
        return self.verdict is not Verdict.DISMISSED
