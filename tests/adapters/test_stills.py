"""The stills of a call: each numbered once, read in pages, and none of them in the way of the record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.adapters import incidents, stills, uploads
from chalicelib.adapters.tables import STILLS_ASKED, CountItem, stills_minute_part
from chalicelib.domain.asked import new_id
from chalicelib.domain.incident import Incident, Mode
from chalicelib.domain.media import LIMITS, STILLS_IN_A_MINUTE, MediaKind
from chalicelib.domain.refusals import MediaLimitReached, TooManyStills
from chalicelib.domain.timeline import Actor, Role
from chalicelib.domain.upload import Media, MediaState, accept, refuse
from infra.local.watch import calls
from tests.within import an_incident, kinds_of, now

CHECKER = Actor(role=Role.SYSTEM, id="test")

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def call() -> Incident:
    """A live report that sends stills."""
    return an_incident(mode=Mode.VIDEO110)


def asked(incident: Incident, *, at: datetime | None = None) -> Media:
    """A still that was asked for."""
    return uploads.ask(wanted(incident, at=at or now()))


def wanted(incident: Incident, *, at: datetime) -> Media:
    return Media(
        media_id=new_id(),
        incident_id=incident.id,
        kind=MediaKind.STILL,
        content_type="image/jpeg",
        size_bytes=1000,
        sha256="0" * 64,
        asked_at=at,
        request_digest="d",
    )


def taken(media: Media) -> str:
    """Accept it; its id."""
    decided = replace(media, state=MediaState.ACCEPTED, checked_at=now(), evidence_version="v")
    uploads.decide(media, decided, accept, actor=CHECKER, at=now())
    return media.media_id


def count(incident: Incident, part: str, number: int) -> None:
    """Have so many been asked for."""
    CountItem(incident.id, part).update([CountItem.asked.set(number)])


def ids(page: stills.Stills) -> list[str]:
    return [one.media_id for one in page.items]


def test_stills_come_in_pages_newest_first_and_each_once(call: Incident) -> None:
    sent = [taken(asked(call)) for _ in range(7)]
    newest = stills.read(call.id, limit=3)
    assert ids(newest) == sent[:-4:-1]
    assert newest.cursor is not None
    middle = stills.read(call.id, before=newest.cursor, limit=3)
    assert middle.cursor is not None
    last = stills.read(call.id, before=middle.cursor, limit=3)
    assert [*ids(newest), *ids(middle), *ids(last)] == sent[::-1]
    assert last.cursor is None
    assert stills.read(call.id, before=1, limit=3).items == []


def test_a_page_and_a_record_cost_the_same_however_many_stills_there_are(call: Incident) -> None:
    def costs() -> list[str]:
        with calls() as asked_for:
            assert incidents.read(call.id).media == []
            stills.read(call.id, limit=3)
        return [one.name for one in asked_for]

    taken(asked(call))
    few = costs()
    for _ in range(9):
        taken(asked(call))
    assert costs() == few


def test_each_still_stays_an_entry_of_its_own_and_is_counted(call: Incident) -> None:
    for _ in range(3):
        taken(asked(call))
    assert kinds_of(call.id).count("media.accepted") == 3
    assert incidents.get(call.id).stills == 3


def test_a_still_decided_twice_has_one_number_and_a_refused_one_has_none(call: Incident) -> None:
    media, bad = asked(call), asked(call)
    taken(media)
    taken(media)
    refused = replace(bad, state=MediaState.REFUSED, checked_at=now(), refused_because="size-differs")
    uploads.decide(bad, refused, lambda i, m: refuse(i, m, "size-differs"), actor=CHECKER, at=now())
    assert ids(stills.read(call.id, limit=9)) == [media.media_id]
    assert uploads.get(call.id, bad.media_id).state is MediaState.REFUSED


def test_stills_checked_at_once_get_a_number_each(call: Incident) -> None:
    sent = [asked(call) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(taken, sent))
    assert sorted(ids(stills.read(call.id, limit=9))) == sorted(one.media_id for one in sent)
    assert incidents.get(call.id).stills == 6


def test_so_many_stills_are_taken_in_a_minute_and_more_in_the_next(call: Incident) -> None:
    at = now().replace(second=40)
    count(call, stills_minute_part(f"{at:%Y%m%dT%H%M}"), STILLS_IN_A_MINUTE - 1)
    last = asked(call, at=at)
    with pytest.raises(TooManyStills) as refused:
        asked(call, at=at)
    assert refused.value.facts == {"retry_after_seconds": 20}
    assert uploads.ask(last) == last
    assert asked(call, at=at + timedelta(seconds=20))


def test_so_many_stills_are_taken_in_all_and_one_asked_for_before_is_not_lost(call: Incident) -> None:
    most = LIMITS[MediaKind.STILL].count or 0
    count(call, STILLS_ASKED, most - 1)
    last = asked(call)
    with pytest.raises(MediaLimitReached) as refused:
        asked(call)
    assert refused.value.facts == {"limit": most}
    assert uploads.ask(last) == last


def test_to_ask_for_a_still_is_one_request(call: Incident) -> None:
    with calls() as asked_for:
        asked(call)
    assert [one.name for one in asked_for] == ["dynamodb:TransactWriteItems"]
