"""Erasing leaves of an incident nothing that could name its citizen, and is refused while it must be kept."""

from typing import Any

import msgspec
import pytest

from chalicelib.domain.citizen import Trade
from chalicelib.domain.erasing import Ahead, Obstacle, ahead, bare, end, erase, obstacle, staying
from chalicelib.domain.hits import Hit, Rule
from chalicelib.domain.incident import Hold, Incident, Kept, Place, Status
from chalicelib.domain.position import Point, Position
from chalicelib.domain.refusals import ErasureRefused
from chalicelib.domain.standing import FalseKind, Marking
from tests.domain.samples import LATER, NOON, incident, sent

MARK = "记号"
HELD = Hold(placed_by="commander1", placed_at=NOON)


def whole(**fields: Any) -> Incident:
    """A closed incident with a mark in every place where a citizen could be named."""
    said: dict[str, Any] = {
        "status": Status.CLOSED,
        "text": MARK,
        "phone": f"+86{MARK}",
        "plate": MARK,
        "trade": Trade.TAXI,
        "position": Position(lat=36.512345, lng=118.5),
        "place": Place(words=MARK, near=MARK, point=Point(lat=36.512345, lng=118.5)),
        "summary": MARK,
        "hits": (Hit(id="h", rule=Rule.KEY_PERSON, reason=MARK, found_at=NOON, evidence={"by": MARK}),),
        "dispatches": (sent(note=MARK),),
        "marking": Marking(kind=FalseKind.HARASSMENT, reason=MARK, marked_by="seat1", marked_at=NOON),
        "request_digest": MARK,
    }
    return incident(**{**said, **fields})


def text(one: Incident) -> str:
    return msgspec.json.encode(one).decode()


def test_of_an_erased_incident_no_word_number_or_place_is_left() -> None:
    assert text(whole()).count(MARK) == 11
    change = erase(whole(), asked_by="admin1", at=LATER)
    assert change is not None
    assert (change.kind, change.details, change.personal) == ("citizen.erased", {"asked_by": "admin1"}, {})
    left = text(change.incident)
    assert (MARK in left, "36.512345" in left, "taxi" in left) == (False, False, False)
    assert (change.incident.erased_at, change.incident.ended) == (LATER, tuple(Kept))


CLEARED = {"text", "phone", "trade", "plate", "position", "place", "summary", "request_digest"}
CLEARED_IN_PART = {"hits", "dispatches", "marking"}
STAYS = {
    *("id", "number", "mode", "citizen_id", "created_at", "rings_at", "status", "priority", "contact", "tip"),
    *("flags", "phone_verified", "standing", "behind_until", "live_granted", "frozen", "photos", "videos"),
    *("stills", "call_taker_id", "owned_since", "former_owner", "booked_for", "was_booked", "answered_at"),
    *("abandoned_at", "type_code", "unread", "exited_quickly", "left_call", "texted_back", "hurt", "spent"),
    *("escalated", "callback_overridden", "transfer", "recording", "event_asked", "alerts"),
    *("evidence_seen", "hold", "ended", "erased_at", "linked_to", "linked_from", "continues", "continued_by"),
    *("disposition", "closed_at", "version", "head"),
}
"""Ids, times, steps, counts, and whom the bureau sent or told."""


def test_every_field_of_an_incident_is_known_to_be_cleared_or_to_name_nobody() -> None:
    assert set(Incident.__struct_fields__) == CLEARED | CLEARED_IN_PART | STAYS
    before, after = whole(), bare(whole())
    changed = {name for name in Incident.__struct_fields__ if getattr(before, name) != getattr(after, name)}
    assert changed == CLEARED | CLEARED_IN_PART


def test_what_the_bureau_did_and_whom_it_sent_remains() -> None:
    left = bare(whole())
    assert left.dispatches[0].officer_name == "值班民警"
    assert (left.hits[0].rule, left.marking and left.marking.marked_by) == (Rule.KEY_PERSON, "seat1")
    assert (left.number, left.citizen_id) == (whole().number, whole().citizen_id)


def test_erasing_again_changes_nothing() -> None:
    change = erase(whole(), asked_by="admin1", at=LATER)
    assert change is not None
    assert erase(change.incident, asked_by="admin2", at=LATER) is None


@pytest.mark.parametrize(
    ("fields", "against"),
    [
        ({"status": Status.ANSWERED}, Obstacle.OPEN),
        ({"hold": HELD}, Obstacle.HELD),
        ({"frozen": True}, Obstacle.FROZEN),
        ({"status": Status.WAITING, "hold": HELD}, Obstacle.OPEN),
    ],
)
def test_what_must_be_kept_is_not_erased_and_says_why(fields: dict[str, Any], against: Obstacle) -> None:
    assert obstacle(whole(**fields)) is against
    with pytest.raises(ErasureRefused) as refused:
        erase(whole(**fields), asked_by="admin1", at=LATER)
    named = {"incident_ids": [whole().id], "numbers": [whole().number]}
    assert refused.value.facts == {"because": against, **named}


def test_of_several_obstacles_the_first_to_clear_is_named_with_its_incidents() -> None:
    held, still_open = whole(hold=HELD), whole(status=Status.ANSWERED)
    met = ahead([whole(), held, still_open, held])
    assert met == Ahead(incidents=4, because=Obstacle.OPEN, where=(still_open,))
    assert ahead([whole(), held]).where == (held,)
    assert len(ahead([held] * 30).where) == 10
    assert ahead([whole()]) == Ahead(incidents=1)


@pytest.mark.parametrize("kept", Kept)
def test_the_time_of_each_kind_ends_once_and_is_on_the_record(kept: Kept) -> None:
    change = end(whole(), kept, days=365)
    assert change is not None
    assert (change.kind, change.details) == ("retention.ended", {"kept": kept, "days": 365})
    assert change.incident.ended == (kept,)
    assert (MARK in text(change.incident)) == (kept is not Kept.PERSONAL)
    assert end(change.incident, kept, days=365) is None


def test_no_time_ends_for_what_must_be_kept() -> None:
    assert end(whole(hold=HELD), Kept.MEDIA, days=1) is None
    assert end(whole(frozen=True), Kept.MEDIA, days=1) is None


def test_of_an_entry_only_whom_the_bureau_sent_or_told_stays() -> None:
    names = frozenset({"officer_name", "phone", "note"})
    assert staying("officer.dispatched", names) == {"officer_name", "phone"}
    assert staying("report.filed", frozenset({"phone", "text"})) == frozenset()
