"""What a drill says of a copy: nothing of a sound one, and of a spoilt one what is spoilt and where."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from msgspec.structs import replace

from chalicelib.adapters import incidents
from chalicelib.adapters.tables import FeedItem, entry_part, fragment_part
from chalicelib.domain import handling
from chalicelib.domain.timeline import Entry, hash_of, read_entry, seal, write_entry
from chalicelib.workflows.publish_change import publish_change
from infra.deploy.restored import in_service
from infra.deploy.stage import DeployRefused
from infra.restore.checking import Findings, check_records, check_tables, chosen
from infra.restore.feed import hold_to_incidents
from infra.restore.pieces import Piece, look_at, named_by
from infra.restore.reading import reading
from infra.restore.sample import Digested, choose, newest_cards, newest_digests
from tests.machine import Machine, eventually
from tests.restore.conftest import Copy
from tests.within import a_call_taker, an_incident, now

pytestmark = pytest.mark.usefixtures("inside")

MakeCopy = Callable[..., Copy]
HEAD = "incident"


def checked(copy: Copy, **tables: str) -> Findings:
    """What a drill says of the one incident of a copy."""
    named = {**copy.tables, **tables}
    return check_records(named, [copy.incident_id], at=now(), chance=Random(1))


def faults(copy: Copy, **tables: str) -> list[str]:
    """The faults alone, without the incident before each."""
    return [one.removeprefix(f"{copy.incident_id}: ") for one in checked(copy, **tables).faults]


def test_a_sound_copy_has_no_fault_and_its_evidence_was_read(copied: MakeCopy) -> None:
    found = checked(copied())
    assert found.faults == ()
    assert (found.pieces, found.hashed, found.erased) == (2, 2, 0)
    assert found.entries >= 4


def test_a_dropped_entry_is_named(copied: MakeCopy) -> None:
    copy = copied()
    copy.drop(entry_part(2))
    assert "missing at entry 2" in faults(copy)


def test_a_cut_end_is_named(copied: MakeCopy) -> None:
    copy = copied()
    last = copy.parts("entry#")[-1]
    copy.drop(last)
    assert f"cut_tail at entry {int(last[-8:])}" in faults(copy)


SPOILT = {
    "unreadable at entry 2": (entry_part(2), "body", '"seq":2', '"seq": 2'),
    "changed at entry 2": (entry_part(2), "body", "incident.answered", "incident.answerer"),
    "personal_changed at entry 1 text": (entry_part(1), "personal", "路口", "路上"),
    "the record of fragment 1 is of another fragment": (
        fragment_part(1),
        "body",
        '"sha256":"',
        '"sha256":"0',
    ),
    "its attributes are not its body's": (HEAD, "body", '"version":', '"version":1'),
}
"""By the fault that is named: in which item and attribute what is changed into what."""


@pytest.mark.parametrize("fault", SPOILT)
def test_a_changed_byte_is_named(copied: MakeCopy, fault: str) -> None:
    copy = copied()
    copy.rewrite(*SPOILT[fault])
    assert fault in faults(copy)


def test_a_head_that_nobody_can_read_is_named(copied: MakeCopy) -> None:
    copy = copied()
    copy.rewrite(HEAD, "body", "{", "[")
    assert [one for one in faults(copy) if one.startswith("it cannot be read")]


def test_a_timeline_written_anew_is_not_the_live_ones_past_nor_what_the_digest_names(
    copied: MakeCopy,
) -> None:
    copy = copied()
    _write_anew(copy)
    found = faults(copy)
    last = copy.parts("entry#")[-1]
    assert f"the live timeline does not go on from its entry {int(last[-8:])}" in found
    assert [one for one in found if one.startswith("a daily digest names another entry")]
    assert not [one for one in found if "at entry" in one], "by itself such a chain is whole"


def _write_anew(copy: Copy) -> None:
    """Seal the whole chain again with another word in its second entry, and put its end on the head."""
    before: Entry | None = None
    head = copy.part(HEAD)
    for part in copy.parts("entry#"):
        item = copy.part(part)
        entry = read_entry(item["body"]["S"].encode())
        details = {**entry.details, "note": "another"} if entry.seq == 2 else entry.details
        anew, _ = seal(
            incident_id=entry.incident_id,
            previous=before,
            at=entry.at,
            kind=entry.kind,
            actor=entry.actor,
            details=details,
        )
        as_before = replace(anew, digests=entry.digests)
        before = replace(as_before, hash=hash_of(as_before))
        copy.put({**item, "body": {"S": write_entry(before).decode()}})
    assert before is not None
    body = {**json.loads(head["body"]["S"]), "head": before.hash}
    copy.put({**head, "body": {"S": json.dumps(body)}})


def test_a_missing_record_of_a_file_is_named(copied: MakeCopy) -> None:
    copy = copied()
    (part,) = copy.parts("media#")
    copy.drop(part)
    assert f"the record of file {part.removeprefix('media#')} is missing" in faults(copy)


def test_an_object_that_is_gone_and_was_not_erased_is_named(copied: MakeCopy) -> None:
    copy = copied()
    (part,) = copy.parts("media#")
    version = json.loads(copy.part(part)["body"]["S"])["evidence_version"]
    copy.rewrite(part, "body", version, "a-version-that-never-was")
    assert [one for one in faults(copy) if one.endswith("a-version-that-never-was is not in the bucket")]


def test_an_object_with_other_bytes_or_without_a_lock_is_named(inside: Machine, worked: str) -> None:
    s3, bucket = inside.client("s3"), "evidence-without-a-lock"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    entries = [one.entry for one in incidents.read(worked).entries]
    piece = next(one for one in named_by(worked, entries) if isinstance(one, Piece) and one.seq)
    stored = s3.put_object(Bucket=bucket, Key=piece.key, Body=b"x" * piece.size_bytes)
    planted = replace(piece, version=stored["VersionId"])
    with reading({"EVIDENCE_BUCKET": bucket}):
        looked = look_at(planted, whole=True)
    assert looked.faults == (
        f"{piece.key}: no lock holds it",
        f"{piece.key}: its bytes are not those of the timeline",
    )


@pytest.mark.parametrize("index", ["by_citizen", "by_owner", "by_number"])
def test_a_missing_index_is_named_twice(
    inside: Machine, copied: MakeCopy, live: dict[str, str], index: str
) -> None:
    copy = copied(without=(index,))
    told = check_tables(inside.client("dynamodb"), live, copy.tables).faults
    assert told == (f"{copy.name}: the index {index} is missing",)
    assert faults(copy) == [f"the index {index} does not find it"]


def test_a_citizen_and_a_card_that_are_missing_are_named(
    inside: Machine, copied: MakeCopy, live: dict[str, str]
) -> None:
    copy = copied()
    assert "its citizen is missing" in faults(copy, CITIZENS_TABLE=_empty(inside, live["CITIZENS_TABLE"]))
    with reading({"FEED_TABLE": _empty(inside, inside.outputs()["FeedTable"])}):
        assert "the feed has no card of it, though it is open" in faults(copy)


def _empty(machine: Machine, source: str) -> str:
    """A table made like this one, with nothing in it."""
    tables, name = machine.client("dynamodb"), f"{source}-empty"
    if name not in tables.list_tables()["TableNames"]:
        described = tables.describe_table(TableName=source)["Table"]
        indexes = described.get("GlobalSecondaryIndexes", [])
        kept = [{key: one[key] for key in ("IndexName", "KeySchema", "Projection")} for one in indexes]
        tables.create_table(
            TableName=name,
            KeySchema=described["KeySchema"],
            AttributeDefinitions=described["AttributeDefinitions"],
            BillingMode="PAY_PER_REQUEST",
            **({"GlobalSecondaryIndexes": kept} if kept else {}),
        )
    return name


def test_an_incident_that_is_not_there_is_named(copied: MakeCopy) -> None:
    copy, other = copied(), an_incident()
    found = check_records(copy.tables, [other.id], at=now(), chance=Random(1))
    assert found.faults == (f"{other.id}: it was filed before the moment, and is not there",)


def test_changes_since_are_counted_and_are_no_fault(copied: MakeCopy, worked: str) -> None:
    copy = copied()
    before = checked(copy)
    heard = partial(handling.hear_from_citizen, text="在吗", at=now())
    incidents.change(worked, heard, actor=a_call_taker().actor(), at=now())
    after = checked(copy)
    assert after.faults == ()
    assert after.changes_behind == before.changes_behind + 1
    assert (after.newest_live or now()) > (before.newest_live or now())


def test_incidents_are_found_by_an_index_and_half_of_them_by_digests(worked: str) -> None:
    digested = newest_digests()
    named = {head.incident_id for head in digested.heads}
    assert digested.faults == ()
    assert worked in named
    picked = chosen({}, at=now() + timedelta(minutes=1), count=6, chance=Random(7))
    assert len(set(picked)) == len(picked) <= 6
    assert len(named & set(picked)) >= min(3, len(named))


def test_what_was_filed_after_the_moment_is_not_looked_for() -> None:
    cards = newest_cards()
    at = cards[0].created_at
    picked = choose(cards, Digested(heads=(), faults=()), at=at, count=100, chance=Random(7))
    assert set(picked) == {one.id for one in cards if one.created_at < at - timedelta(seconds=2)}


def test_the_feed_is_held_to_restored_incidents_and_names_what_only_it_knows(
    inside: Machine, copied: MakeCopy, worked: str
) -> None:
    copy, since, other = copied(), now(), an_incident()
    before = card_of_feed(worked)["version"]
    heard = partial(handling.hear_from_citizen, text="还在吗", at=now())
    incidents.change(worked, heard, actor=a_call_taker().actor(), at=now())
    eventually(lambda: card_of_feed(worked)["version"] > before)
    eventually(lambda: card_of_feed(other.id))
    with reading(copy.tables):
        said = list(hold_to_incidents(since))
        assert card_of_feed(worked)["version"] == before
    assert [one for one in said if one.startswith(f"LOST {other.id}, number {other.number}")]
    assert [one for one in said if one.endswith(f"its card is of {before} again") and worked in one]
    publish_change(incidents.get(worked), now=now())


def card_of_feed(incident_id: str) -> dict[str, int]:
    """The incident's card as the feed's table has it."""
    card: dict[str, int] = json.loads(FeedItem.get(incident_id).body)
    return card


def test_a_restored_table_that_nobody_could_read_changes_from_is_refused(
    copied: MakeCopy, live: dict[str, str]
) -> None:
    outputs = {**live, "INCIDENTS_STREAM_ARN": "before"}
    with pytest.raises(DeployRefused, match="has no stream of NEW_AND_OLD_IMAGES"):
        in_service(outputs, {"IncidentsTable": copied().name})
    with pytest.raises(DeployRefused, match="puts out no NO_SUCH_TABLE"):
        in_service(outputs, {"NoSuchTable": "x"})
    with pytest.raises(DeployRefused, match="never-made"):
        in_service(outputs, {"DeskTable": "never-made"})
