"""A call-taker at her console: polls the feed each second, answers, classifies, dispatches, closes."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from infra.drill.marks import ANSWER, MAP, RING
from infra.drill.scene import DISPATCHED_KINDS, Filed, Scene
from infra.drill.service import JSON, Declined, Service, Unanswered, sign_in_staff

POLL_SECONDS = 1.0
IDLE_SECONDS = 0.1
TALK_SECONDS = {"video110": 90, "voice": 75, "silent": 120, "photo_text": 45, "tip": 25, "fengqiao": 60}
"""How long a call-taker works before she knows what it is, seconds of the day, about."""

CLASSIFY_SECONDS = 10
CLOSE_SECONDS = 15
GONE = {"step-refused", "not-yours", "incident-changed"}
"""Another was there first, or it changed while she worked: she goes on with the next."""


class Seat:
    """One seat, two threads: the page that polls and the person who works; without `units` none is sent."""

    def __init__(self, scene: Scene, url: str, account: JSON, units: list[str]) -> None:
        self.scene, self.units = scene, units
        self.name = str(account["username"])
        renew = sign_in_staff(account)
        self.page = Service(url, scene.tally, renew=renew)
        self.work = Service(url, scene.tally, renew=renew)
        self.chance = scene.chance(self.name)
        self._cards: dict[str, JSON] = {}
        self._lock = threading.Lock()
        self._watched: str | None = None
        self._seen_batch = 0

    def poll(self) -> None:
        """The page: the feed and the track of what is open, each second, until the drill is over."""
        cursor: str | None = None
        while not self.scene.over.is_set():
            began = time.monotonic()
            try:
                cursor = self._read_feed(cursor)
                self._look_at_track()
            except (Declined, Unanswered, KeyError) as fault:
                self.scene.note_fault(f"page of {self.name}", fault)
            self.scene.over.wait(max(0.0, POLL_SECONDS - (time.monotonic() - began)))

    def serve(self) -> None:
        """The person: what is handled is closed first, then the most urgent that rings is answered."""
        while not self.scene.over.wait(IDLE_SECONDS):
            try:
                self._serve_one()
            except Declined as declined:
                if declined.slug not in GONE:
                    self.scene.note_fault(self.name, declined)
                self.scene.tally.add(f"seat was told {declined.slug}")
            except (Unanswered, KeyError) as fault:
                self.scene.note_fault(self.name, fault)

    def _read_feed(self, cursor: str | None) -> str:
        more = True
        while more:
            page = self.page.get("/console/feed", cursor=cursor)
            seen = time.monotonic()
            for card in page["incidents"]:
                self._take(card, seen)
            cursor, more = page["cursor"], page["more"]
        return str(cursor)

    def _take(self, card: JSON, seen: float) -> None:
        if card["ringing"]:
            self.scene.marks.end(RING, card["id"], seen)
        self.scene.see(card)
        with self._lock:
            known = self._cards.get(card["id"])
            # The feed repeats cards; the same version says nothing that she does not know better.
            if known is None or known["version"] < card["version"]:
                self._cards[card["id"]] = card

    def _look_at_track(self) -> None:
        watched = self._watched
        if watched is None:
            return
        began = time.monotonic()
        track = self.page.get(f"/console/incidents/{watched}/positions", after=self._seen_batch)
        seen = time.monotonic()
        for point in [*track["items"], *([track["latest"]] if track["latest"] else [])]:
            self.scene.marks.end(MAP, (watched, _milliseconds(point["at"])), seen)
        self.scene.looked(watched, began)
        if self._watched == watched:
            self._seen_batch = track["seen"]

    def _serve_one(self) -> None:
        handled = self._first(lambda card: card["call_taker_id"] == self.name and card["status"] == "handled")
        if handled is not None:
            self._close(handled, "resolved")
            return
        ringing = self._first(lambda card: bool(card["ringing"]))
        filed = self.scene.filed(ringing["id"]) if ringing else None
        if ringing is not None and filed is not None:
            self._handle(ringing, filed)

    def _first(self, wanted: Callable[[JSON], bool]) -> JSON | None:
        """The most urgent of the drill's own, as the console's queue has them."""
        with self._lock:
            cards = [card for card in self._cards.values() if wanted(card) and self.scene.filed(card["id"])]
        return min(cards, key=lambda card: (card["priority"], card["created_at"]), default=None)

    def _handle(self, card: JSON, filed: Filed) -> None:
        incident_id = filed.incident_id
        try:
            answered = self.work.post(f"/console/incidents/{incident_id}/answer")
        except Declined as declined:
            self._remember(incident_id, {**card, "ringing": False})
            self.scene.tally.add(f"seat was told {declined.slug}")
            return
        self.scene.marks.end(ANSWER, incident_id, time.monotonic())
        self._remember(incident_id, answered["incident"])
        self.scene.tally.add("answered")
        self._watch(incident_id)
        try:
            self._work_through(filed)
        finally:
            self._watch(None)

    def _work_through(self, filed: Filed) -> None:
        at, call = f"/console/incidents/{filed.incident_id}", filed.call
        self.work.get(at)
        if not self.scene.pass_time(TALK_SECONDS[call.mode] * self.chance.uniform(0.5, 1.5)):
            return
        priority = 2 if call.kind in DISPATCHED_KINDS else 3
        self.work.post(f"{at}/classify", {"priority": priority, "type_code": call.kind, "summary": "演练"})
        if not self.scene.pass_time(CLASSIFY_SECONDS):
            return
        if self.units and call.kind in DISPATCHED_KINDS and call.mode not in ("tip", "fengqiao"):
            self._send_out(filed)
        else:
            self._close({"id": filed.incident_id}, "advised")

    def _send_out(self, filed: Filed) -> None:
        unit = {"unit_id": self.chance.choice(self.units), "note": "演练"}
        sent = self.work.post(f"/console/incidents/{filed.incident_id}/dispatch", unit, keyed=True)
        self._remember(filed.incident_id, sent["incident"])
        self.scene.tally.add("officers sent")

    def _close(self, card: JSON, disposition: str) -> None:
        if not self.scene.pass_time(CLOSE_SECONDS):
            return
        done = self.work.post(f"/console/incidents/{card['id']}/close", {"disposition": disposition})
        self._remember(card["id"], done["incident"])
        self.scene.see(done["incident"])
        self.scene.tally.add("closed")

    def _remember(self, incident_id: str, card: JSON) -> None:
        with self._lock:
            known = self._cards.get(incident_id)
            if known is None or known["version"] <= card["version"]:
                self._cards[incident_id] = card

    def _watch(self, incident_id: str | None) -> None:
        """Open the incident's panel, or shut the one that is open."""
        before, self._watched, self._seen_batch = self._watched, incident_id, 0
        if before is not None:
            self.scene.look_at(before, looking=False)
        if incident_id is not None:
            self.scene.look_at(incident_id, looking=True)


def _milliseconds(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1000)
