"""Holds, the erasing of citizens, the end of what was kept: what staff ask and what the keeper does."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.faults.asking import by_staff, keyed, somewhere, stands
from tests.faults.case import Case, new_key
from tests.faults.following import DONE, FAILED
from tests.faults.people_at_work import MATROSKA
from tests.faults.pictures import PHOTO, object_stored, send_picture
from tests.faults.remains import holds, left, of_incident, untouched, versions
from tests.faults.rounds import Operation
from tests.faults.world import Answer

LONG_AGO = date(1990, 1, 1)
HEALED_AFTER_SECONDS = 200
"""A keeper who died leaves a claim for a minute; the next ones take it up."""

WITHOUT_WORDS = 3
"""Kinds of data that end, each with an entry of its own."""


def closed(case: Case) -> None:
    """A closed call with words, a picture, a fragment, a track and a number, all of one citizen."""
    citizen, where = case.citizen(), somewhere()
    words = f"有人落水 {new_key()}"
    report = {"text": words, "place": f"东门 {new_key()}", "position": where}
    assert case.file(citizen, "video110", report, new_key()).is_done
    case.world.deliveries.drain()
    case.work("answer")
    send_picture(case, PHOTO, PHOTO)
    assert object_stored(case).is_done
    headers = {"Content-Type": "video/x-matroska"}
    path = f"/console/incidents/{case.id}/recording/1?started_at=2026-06-01T01:30:00Z&duration_ms=1000"
    recorded = case.world.ask(case.world.staff("seat1"), "PUT", path, MATROSKA, headers=headers)
    assert recorded.is_done, recorded
    point = {"points": [{**where, "at": case.world.clock.now().isoformat()}]}
    assert case.world.ask(citizen.token, "POST", f"/reports/{case.id}/positions", point).is_done
    case.work("notes", {"text": words}, key=new_key())
    case.work("close", {"disposition": "resolved"})
    case.at["citizen"] = citizen.id
    case.at["marks"] = [words, report["place"], citizen.phone, str(where["lat"]), str(where["lng"])]


def followed(case: Case) -> None:
    """The same, and all that follows from it done."""
    closed(case)
    case.world.deliveries.settle(65)


def _hold(case: Case) -> None:
    path = f"/console/incidents/{case.id}/hold"
    case.must("commander1", "POST", path, {"reason": "检察院调取"})


def _held(case: Case) -> None:
    followed(case)
    _hold(case)


def _held_in_the_store(case: Case) -> None:
    _held(case)
    assert case.world.deliveries.keep()
    assert holds(case) == {"ON"}


def _released(case: Case) -> None:
    _held_in_the_store(case)
    case.must("commander1", "DELETE", f"/console/incidents/{case.id}/hold?reason=over")


def _ask(case: Case) -> Any:
    path = f"/console/citizens/{case.at['citizen']}/erase"
    return case.must("admin1", "POST", path, {"reason": "依申请，卷号 17"})


def _to_be_erased(case: Case) -> None:
    followed(case)
    _ask(case)


def _erased_before_all_was_told(case: Case) -> None:
    """The stream is late: what the closing starts comes after the erasing."""
    closed(case)
    _ask(case)


def _held_after_asking(case: Case) -> None:
    _to_be_erased(case)
    _hold(case)


def _due(case: Case) -> None:
    """As if it had been closed long ago, and the lock's own time were over."""
    from chalicelib.adapters import upkeep
    from chalicelib.adapters.aws import client

    over = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) - timedelta(days=1)}
    for one in versions(case, "evidence"):
        client("s3").put_object_retention(**one, Retention=over, BypassGovernanceRetention=True)
    upkeep.keep_from(case.id, LONG_AGO)


def _kept_for_its_time(case: Case) -> None:
    followed(case)
    _due(case)


def _kept_for_its_time_and_held(case: Case) -> None:
    _held_in_the_store(case)
    _due(case)


def _keep(case: Case) -> Answer:
    return DONE if case.world.deliveries.keep() else FAILED


def _stored_holds(state: str) -> Callable[[Case], Iterator[str]]:
    def expect(case: Case) -> Iterator[str]:
        from chalicelib.adapters import upkeep

        if holds(case) != {state}:
            yield f"the versions' holds are {sorted(holds(case))} and not {state}"
        if len(versions(case, "evidence")) != 2:
            yield f"{len(versions(case, 'evidence'))} of 2 versions are stored"
        if any(one.incident_id == case.id for one in upkeep.holds_asked()):
            yield "the hold stands on the keeper's list for ever"

    return expect


def _and(*looks: Callable[[Case], Iterator[str]]) -> Callable[[Case], Iterator[str]]:
    def expect(case: Case) -> Iterator[str]:
        for look in looks:
            yield from look(case)

    return expect


def _is_gone(case: Case) -> Iterator[str]:
    """Nothing of hers is left, the erasing says so, and the bureau's own part of the record is there."""
    from chalicelib.adapters import erasures

    erasure = erasures.get(case.at["citizen"])
    if erasure is None or (erasure.state, erasure.incident_ids) != ("done", (case.id,)):
        yield f"the erasing is {erasure.state if erasure else 'forgotten'}"
    if case.at["citizen"] in erasures.waiting():
        yield "the erasing stands on the keeper's list for ever"
    yield from left(case)
    if case.kinds().count("citizen.erased") != 1:
        yield "the erasing does not stand in the timeline once"


def _stays(case: Case) -> Iterator[str]:
    """A hold that came in time keeps everything."""
    from chalicelib.adapters import erasures

    erasure = erasures.get(case.at["citizen"])
    if erasure is None or (erasure.state, erasure.stopped_by) != ("stopped", "held"):
        yield f"the erasing under a hold is {erasure.state if erasure else 'forgotten'}"
    yield from untouched(case)


def _has_ended(case: Case) -> Iterator[str]:
    """Files, recording and words are gone, each once on the record."""
    from chalicelib.adapters import upkeep
    from chalicelib.domain.incident import Kept
    from tests.within import is_listed

    if versions(case, "evidence"):
        yield f"{len(versions(case, 'evidence'))} versions are left after their time"
    text = of_incident(case)
    yield from (
        f"mark {number} is left after its time"
        for number, mark in enumerate(case.at["marks"])
        if mark in text
    )
    for kept in Kept:
        if is_listed(upkeep.Ending(kept=kept, incident_id=case.id, since=LONG_AGO)):
            yield f"{kept} stands on the keeper's list for ever"


def _waits_on(case: Case) -> Iterator[str]:
    """Nothing has ended under a hold, and the keeper will look again."""
    from chalicelib.adapters import upkeep
    from chalicelib.domain.incident import Kept

    yield from untouched(case)
    for kept in Kept:
        listed = upkeep.ending(kept, until=LONG_AGO + timedelta(days=365))
        if not any(one.incident_id == case.id for one in listed):
            yield f"nobody will look at {kept} again"


def kept(name: str, prepare: Callable[[Case], Any], expect: Callable[[Case], Iterator[str]]) -> Operation:
    """What the keeper does in the minute after that."""
    return Operation(
        name=f"keeper {name}", prepare=prepare, act=_keep, expect=expect, seconds=HEALED_AFTER_SECONDS
    )


def _asked_by_admin(case: Case) -> Answer:
    path = f"/console/citizens/{case.at['citizen']}/erase"
    body = {"reason": "依申请，卷号 17"}
    return case.world.ask(case.world.staff("admin1"), "POST", path, body)


def _by_commander(asked: Operation, state: str) -> Operation:
    """A hold is placed or released only when the stored versions follow."""
    return Operation(
        name=asked.name,
        prepare=asked.prepare,
        act=asked.act,
        expect=_and(asked.expect, _stored_holds(state)),
        seconds=HEALED_AFTER_SECONDS,
    )


PLACES = by_staff(
    "place a hold",
    "hold",
    lambda _: {"reason": "检察院调取"},
    prepare=followed,
    kind="hold.placed",
    who="commander1",
)
RELEASES = by_staff(
    "release a hold",
    "hold?reason=over",
    lambda _: None,
    prepare=_held_in_the_store,
    kind="hold.released",
    who="commander1",
    method="DELETE",
)


KEEPING = [
    _by_commander(PLACES, "ON"),
    _by_commander(RELEASES, "OFF"),
    Operation(
        name="ask for an erasing",
        prepare=keyed(followed),
        act=_asked_by_admin,
        expect=_is_gone,
        seconds=HEALED_AFTER_SECONDS,
    ),
    kept("sets a hold", _held, _stored_holds("ON")),
    kept("lets go of what was held", _released, _stored_holds("OFF")),
    kept("erases a citizen", _to_be_erased, _is_gone),
    kept("erases before the stream has told", _erased_before_all_was_told, _is_gone),
    kept("erases nothing under a hold", _held_after_asking, _and(_stays, _stored_holds("ON"))),
    kept("ends what is due", _kept_for_its_time, _and(stands("retention.ended", WITHOUT_WORDS), _has_ended)),
    kept(
        "ends nothing under a hold",
        _kept_for_its_time_and_held,
        _and(stands("retention.ended", 0), _waits_on),
    ),
]
