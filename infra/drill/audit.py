"""Reads back everything the service took, and names what is not there."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.timeline import Entry, check_chain
from infra.drill.marks import ANSWER, HIT, MAP, RING, TEXT
from infra.drill.scene import Filed, Scene
from infra.drill.service import JSON, Declined, Service, Unanswered

READERS = 4
LOOKS = 2
"""A point is lost to the map when so many looks that began after it was acknowledged did not show it."""


def read_back(scene: Scene, url: str, commander: Service) -> list[str]:
    """What was lost, a line each: of every report its words, its points, its message, its timeline."""
    with ThreadPoolExecutor(READERS) as pool:
        found = pool.map(lambda filed: list(_lost_of(scene, url, commander, filed)), scene.all_filed())
        return [line for lines in found for line in lines]


def unseen(scene: Scene) -> list[str]:
    """Whose report rang at no seat or was answered by nobody, a line each; a booked one need not."""
    return [
        f"{filed.number}: {what}"
        for series, what in ((RING, "rang at no seat"), (ANSWER, "was answered by nobody"))
        for filed in scene.all_filed()
        if filed.incident_id in scene.marks.open(series)
    ]


def unshown(scene: Scene) -> list[str]:
    """Which points the map never showed though its console looked, a line for each report."""
    unseen_points = scene.marks.open(MAP)
    missing = Counter(
        filed.number
        for filed in scene.all_filed()
        for at_ms, acknowledged in filed.points.items()
        if (filed.incident_id, at_ms) in unseen_points
        and scene.looks_since(filed.incident_id, acknowledged) >= LOOKS
    )
    return [f"{number}: {count} points never came to the map" for number, count in missing.items()]


def _lost_of(scene: Scene, url: str, commander: Service, filed: Filed) -> Iterator[str]:
    try:
        yield from _missing_for_citizen(scene, url, filed)
        evidence = _settled_evidence(scene, commander, filed)
        yield from _missing_in(evidence, filed)
        _measure_text(scene, evidence, filed)
    except (Declined, Unanswered) as fault:
        yield f"{filed.number}: cannot be read ({fault})"


def _missing_for_citizen(scene: Scene, url: str, filed: Filed) -> Iterator[str]:
    citizen = Service(url, scene.tally)
    citizen.carry({"Authorization": f"Bearer {filed.token}"})
    record = citizen.get(f"/reports/{filed.incident_id}")
    if record["incident"]["text"] != (filed.text or None):
        yield f"{filed.number}: its words are not those that were sent"
    if record["incident"]["status"] != "closed":
        yield f"{filed.number}: not closed but {record['incident']['status']}"
    if filed.incident_id not in _listed(citizen):
        yield f"{filed.number}: not in its citizen's list"
    words = [entry for entry in record["timeline"] if entry["kind"] == "message.sent"]
    if len(words) < filed.messages:
        yield f"{filed.number}: a message is not there"


def _listed(citizen: Service) -> set[str]:
    ids: set[str] = set()
    cursor: str | None = None
    while True:
        page = citizen.get("/reports", cursor=cursor)
        ids |= {one["id"] for one in page["items"]}
        cursor = page["cursor"]
        if cursor is None:
            return ids


def _evidence(commander: Service, incident_id: str) -> JSON:
    """The manifest of the incident's evidence, its pages joined."""
    whole: JSON = {"timeline": [], "positions": []}
    cursor: str | None = None
    while True:
        page = commander.get(f"/console/incidents/{incident_id}/evidence", cursor=cursor)
        whole = {**whole, "count": page["count"], "head": page["head"]}
        whole["timeline"] += page["timeline"]
        whole["positions"] += page["positions"]
        cursor = page["cursor"]
        if cursor is None:
            return whole


def _settled_evidence(scene: Scene, commander: Service, filed: Filed) -> JSON:
    """The evidence once every point that was taken is in it, or when they had time enough to come."""
    evidence = _evidence(commander, filed.incident_id)
    while not filed.points.keys() <= _times(evidence["positions"]) and scene.may_come():
        scene.tally.add("looked again for points")
        evidence = _evidence(commander, filed.incident_id)
    return evidence


def _times(points: list[JSON]) -> set[int]:
    return {round(datetime.fromisoformat(one["at"]).timestamp() * 1000) for one in points}


def _missing_in(evidence: JSON, filed: Filed) -> Iterator[str]:
    entries = [msgspec.convert(one["entry"], Entry) for one in evidence["timeline"]]
    for fault in check_chain(entries, count=evidence["count"], head=evidence["head"]):
        yield f"{filed.number}: timeline {fault.kind} at {fault.seq}"
    if missing := filed.points.keys() - _times(evidence["positions"]):
        yield f"{filed.number}: {len(missing)} of {len(filed.points)} points are not there"


def _measure_text(scene: Scene, evidence: JSON, filed: Filed) -> None:
    """From a hit to the commander's text, as the timeline tells it; what ended before is only counted."""
    entries: list[JSON] = [one["entry"] for one in evidence["timeline"]]
    hit = _first(entries, "hits.found")
    if hit is None:
        return
    _mark(scene, HIT, filed, entries[0], hit)
    texted = _first(entries, "alert.texted", state="accepted")
    scene.tally.add("hits")
    if texted is not None and _when(texted) >= _when(hit):
        _mark(scene, TEXT, filed, hit, texted)
    elif texted is not None:
        scene.tally.add("hits of which a text for another reason had told")
    elif _first(entries, "alert.folded"):
        scene.tally.add("hits counted and not texted, the day's budget being spent")
    else:
        scene.tally.add("hits closed before a text was due")


def _mark(scene: Scene, series: str, filed: Filed, first: JSON, then: JSON) -> None:
    began = scene.marks.began_at
    scene.marks.begin(series, filed.incident_id, began)
    scene.marks.end(series, filed.incident_id, began + _when(then) - _when(first))


def _first(entries: list[JSON], kind: str, **details: Any) -> JSON | None:
    for entry in entries:
        if entry["kind"] == kind and details.items() <= entry["details"].items():
            return entry
    return None


def _when(entry: JSON) -> float:
    return datetime.fromisoformat(entry["at"]).timestamp()
