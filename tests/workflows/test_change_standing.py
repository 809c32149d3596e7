"""Deciding a citizen's standing: of those who decide at once, one holds in the end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.adapters import citizens, standings
from chalicelib.domain.citizen import Standing
from chalicelib.domain.incident import Mode
from chalicelib.domain.standing import EndedBecause, StandingChange
from chalicelib.workflows.change_standing import Decision, change_standing
from chalicelib.workflows.file_report import file_report
from tests.desk import a_citizen
from tests.machine import Machine
from tests.within import a_call_taker, now

COMMANDERS = 4

pytestmark = pytest.mark.usefixtures("inside")


def test_of_commanders_who_decide_at_once_each_replaces_another_and_one_holds(inside: Machine) -> None:
    citizen_id, at = a_citizen(inside).citizen["id"], now()
    reports = [
        file_report(citizen_id, b"{}", mode=Mode.PHOTO_TEXT, key=None, now=at) for _ in range(COMMANDERS)
    ]
    together = Barrier(COMMANDERS)

    def decide(incident_id: str) -> StandingChange:
        decision = Decision(
            citizen_id=citizen_id, grade=Standing.WARNED, reason="多次误报", incident_id=incident_id
        )
        together.wait()
        return change_standing(decision, staff=a_call_taker("commander"), asked=None, now=now())

    with ThreadPoolExecutor(COMMANDERS) as crowd:
        list(crowd.map(decide, [report.id for report in reports]))
    changes, _ = standings.page(citizen_id, None)
    in_force = [one for one in changes if one.ended_at is None]
    assert [one.id for one in in_force] == [citizens.get(citizen_id).standing_id]
    replaced = [one for one in changes if one.ended_because is EndedBecause.REPLACED]
    assert len(replaced) == COMMANDERS - 1
