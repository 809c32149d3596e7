"""What must hold after every case, once all has healed: said as findings in words, none when all holds."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import msgspec

from tests.faults.case import Case, texts
from tests.faults.telling import SLACK, seconds_until_told, told_late, untold
from tests.faults.world import World


def broken(case: Case) -> list[str]:
    """Every promise that is broken."""
    world = case.world
    found = [*world.deliveries.wrong, *_set_aside(world), *_reports(case)]
    for incident_id, states in _states(world).items():
        found += _chain(incident_id, states)
        found += _steps(states)
        found += _followed(world, incident_id)
        found += _told(case, incident_id)
    return [*found, *_lines()]


def told_in_time(case: Case) -> list[str]:
    """What is broken once the world went on until commanders must have been told of all that holds."""
    from chalicelib.adapters import alerts, incidents

    world, already = case.world, len(case.world.deliveries.wrong)
    standing, waits = [incidents.get(incident_id) for incident_id in _states(world)], alerts.waits()
    world.deliveries.settle(seconds_until_told(standing, waits, now=world.clock.now()))
    found = world.deliveries.wrong[already:]
    for incident_id in _states(world):
        record = incidents.read(incident_id)
        entries = [one.entry for one in record.entries]
        found += _told(case, incident_id)
        found += told_late(record.incident, entries, waits, slack=SLACK + case.idle)
    return found


def not_told(case: Case, incident_ids: Iterable[str]) -> Iterator[str]:
    """Which of these had to be told to somebody by now, and was to nobody."""
    from chalicelib.adapters import alerts, duty, incidents

    now = case.world.clock.now()
    recipients = len(duty.ladder(now))
    for incident_id in incident_ids:
        yield from untold(incidents.get(incident_id), alerts.waits(), recipients=recipients, now=now)


def _reports(case: Case) -> Iterator[str]:
    """Each report that got 2xx and was not erased can be read and is listed, once for a key."""
    for citizen in case.citizens:
        own = [one for one in case.filed if one.citizen.id == citizen.id]
        if not own:
            continue
        gone, no_longer_listed = _erased(citizen.id)
        listed = case.world.ask(citizen.token, "GET", "/reports")
        ids = [one["id"] for one in listed.body["items"]] if listed.is_done else []
        filed = {one.incident_id for one in own}
        expected = filed - gone
        further = set(ids) - filed
        if len(set(ids)) != len(ids) or expected - set(ids) or not _continue(further, set(ids) | gone):
            yield f"filed {len(expected)} reports, listed {len(ids)}"
        if no_longer_listed and gone & set(ids):
            yield "what was erased is still listed"
        if len({(one.key, one.incident_id) for one in own}) != len({one.key for one in own}):
            yield "one key stands for two incidents"
        for incident_id in expected:
            read = case.world.ask(citizen.token, "GET", f"/reports/{incident_id}")
            if not read.is_done:
                yield f"a report answered with 2xx is read with {read.status}"


def _erased(citizen_id: str) -> tuple[set[str], bool]:
    """Which incidents of a citizen were erased, and whether the erasing is over."""
    from chalicelib.adapters import erasures
    from chalicelib.domain.erasing import ErasureState

    erasure = erasures.get(citizen_id)
    if erasure is None:
        return set(), False
    return set(erasure.incident_ids), erasure.state is ErasureState.DONE


def _continue(further: set[str], own: set[str]) -> bool:
    """Whether each of these goes on with another of one's own, and no two with the same."""
    from chalicelib.adapters import incidents

    continued = [one.continues for one in incidents.get_many(further)]
    return len(set(continued)) == len(further) and set(continued) <= own


def _states(world: World) -> dict[str, list[Any]]:
    """Every state that incidents of this case went through, as the stream told them."""
    from chalicelib.domain.incident import Incident

    states: dict[str, list[Any]] = {}
    for record in world.deliveries.seen:
        image = record["dynamodb"].get("NewImage") or {}
        if image.get("part") == {"S": "incident"}:
            incident = msgspec.json.decode(image["body"]["S"], type=Incident)
            states.setdefault(incident.id, []).append(incident)
    return states


def _chain(incident_id: str, states: list[Any]) -> Iterator[str]:
    """No gap in the timeline, none in the versions, and nothing that check_timeline names."""
    from chalicelib.workflows.check_timeline import check_timeline

    for fault in check_timeline(incident_id):
        yield f"timeline: {fault.kind} at {fault.seq}"
    versions = list(dict.fromkeys(one.version for one in states))
    if len({(one.version, one.head) for one in states}) != len(versions):
        yield "one version was stored with two contents"
    if versions and versions != list(range(versions[0], versions[0] + len(versions))):
        yield f"versions {versions}"


def _steps(states: list[Any]) -> Iterator[str]:
    """Only steps that the one table has."""
    from chalicelib.domain.incident import STEPS

    for before, after in pairwise(states):
        if before.status is not after.status and after.status not in STEPS[before.status]:
            yield f"an illegal step from {before.status} to {after.status}"


def _followed(world: World, incident_id: str) -> Iterator[str]:
    """Feed, owner's index, figures and the day's heads show the incident as it stands."""
    from chalicelib.adapters import incidents
    from chalicelib.adapters.county import zone
    from chalicelib.adapters.digests import HeadItem
    from chalicelib.adapters.figures import CountedItem
    from chalicelib.adapters.tables import FeedItem, IncidentItem
    from chalicelib.domain.counting import counts_of
    from chalicelib.domain.digests import day_of

    incident = incidents.get(incident_id)
    cards = list(FeedItem.batch_get([incident_id]))
    if [int(card.version) for card in cards] != [incident.version]:
        yield f"the feed shows version {[int(c.version) for c in cards]} of {incident.version}"
    elif (cards[0].open is None) is incident.is_open:
        yield "the feed is wrong about what is open"
    item = IncidentItem.get(incident_id, "incident", consistent_read=True)
    if item.owner_id != (incident.call_taker_id if incident.is_open else None):
        yield "the owners' index is wrong"
    counted = [
        msgspec.json.decode(one.body) for one in CountedItem.batch_get([(f"incident#{incident_id}", "-")])
    ]
    if counted != [msgspec.to_builtins(counts_of(incident, zone()))]:
        yield "the figures do not count it as it stands"
    days = {day_of(at).isoformat() for at in (world.clock.now(), incident.created_at)}
    heads = HeadItem.batch_get([(f"heads#{day}", incident_id) for day in days])
    if (incident.version, incident.head) not in {(int(one.version), one.head) for one in heads}:
        yield "no daily digest will name its head"


def _told(case: Case, incident_id: str) -> Iterator[str]:
    """Commanders and officers were told what was due, and none twice without need."""
    from chalicelib.adapters import alerts, incidents
    from chalicelib.domain.alerting import next_look
    from chalicelib.domain.alerts import AlertState
    from chalicelib.domain.incident import TextState

    incident, now = incidents.get(incident_id), case.world.clock.now()
    look = next_look(incident, alerts.waits())
    if look is not None and look < now - SLACK:
        yield f"somebody had to be told {(now - look).total_seconds():.0f} s ago"
    yield from not_told(case, [incident_id])
    again = case.sent_again[incident.number]
    for alert in incident.alerts:
        sent = [one for one in texts(case.world, alert.phone) if incident.number in one["Message"]]
        if alert.state is AlertState.ACCEPTED and not sent:
            yield "a text counts as accepted that SNS never got"
        asked = sum(max(each.attempts, 1) for each in incident.alerts if each.phone == alert.phone)
        if len(sent) > asked + again:
            yield f"{len(sent)} texts to one commander"
    for one in incident.dispatches:
        if incident.is_open and one.status not in ("revoked",) and one.text is TextState.PENDING:
            yield "an officer's text is still to go"
        sent = [told for told in texts(case.world, one.phone) if incident.number in told["Message"]]
        if one.text is TextState.ACCEPTED and not sent:
            yield "an officer's text counts as accepted that SNS never got"
        asked = sum(each.links_asked for each in incident.dispatches if each.phone == one.phone)
        if len(sent) > asked + again:
            yield f"{len(sent)} texts to one officer"


def _lines() -> Iterator[str]:
    """No line is held by what is closed, and none has two."""
    from chalicelib.adapters import incidents, lines

    held = [one.incident_id for one in lines.leases() if one.incident_id is not None]
    if len(held) != len(set(held)):
        yield "an incident holds two lines"
    for incident in incidents.get_many(held):
        if not incident.is_open:
            yield "a closed incident holds a line"


def _set_aside(world: World) -> Iterator[str]:
    for body in world.deliveries.aside:
        yield f"a record was set aside: {msgspec.json.decode(body)['why']}"


def miscounted(world: World) -> list[str]:
    """Counters that are not the sum of what all incidents added, looked at once when everything is over."""
    from chalicelib.settings import settings

    items = _all(world, settings().figures_table)
    added: Counter[tuple[str, str]] = Counter()
    counted: Counter[tuple[str, str]] = Counter()
    for item in items:
        kind, key = item["kind"]["S"], item["id"]["S"]
        if kind.startswith("incident#"):
            for place, counts in msgspec.json.decode(item["body"]["S"]).items():
                added.update({(place, name): number for name, number in counts.items()})
        elif kind in ("day", "slot"):
            place = f"{kind}/{key.partition('#')[0]}"
            names = {name: value["N"] for name, value in item.items() if "N" in value}
            counted.update({(place, name): int(number) for name, number in names.items()})
    wrong = {one for one in added | counted if added[one] != counted[one] and one[1] not in UNCOUNTED}
    return [
        f"{name} of {place}: {counted[place, name]} and not {added[place, name]}" for place, name in wrong
    ]


UNCOUNTED = ("expires_at", "registered")
"""What stands on a day beside the figures of incidents."""


def _all(world: World, table: str) -> list[dict[str, Any]]:
    pages = world.quietly("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]
