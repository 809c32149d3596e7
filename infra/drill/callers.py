"""A citizen with a phone: signs in, reports, moves, writes, follows what becomes of it."""

import itertools
import math
import time
import uuid
from datetime import UTC, datetime

from infra.drill.calls import Call
from infra.drill.marks import ANSWER, FILED, MAP, RING
from infra.drill.scene import MOVES_MPS, Filed, Scene
from infra.drill.service import JSON, Declined, Service, Unanswered

LOOKS_EVERY_SECONDS = 2.0
LOOKS_LATER_EVERY_SECONDS = 5.0
CALM_AFTER_SECONDS = 120.0
POINT_EVERY_SECONDS = 5.0
KEEPS_LINE_EVERY_SECONDS = 25.0
"""A phone's own pace, whatever the day's: that of the citizen's page, which looks less often in a calm."""

HEARTBEAT_SECONDS = 0.5
DEGREE_M = 111_320.0
OPEN_STATES = ("waiting", "abandoned", "answered", "transferred")
_run = uuid.uuid4().hex[:8]
_numbers = itertools.count(1)


class Caller:
    """Plays one call. With a `token` she is that citizen, else a new one, by WeChat's stand-in."""

    def __init__(self, scene: Scene, url: str, call: Call, *, token: str | None = None) -> None:
        self.scene, self.call, self.token = scene, call, token
        self.number = next(_numbers)
        self.service = Service(url, scene.tally)
        self._began_moving = self._sent_at = self._looked_at = self._news_at = 0.0
        self._kept_at = 0.0
        self._version = 0

    def run(self) -> None:
        """The whole call; what she cannot work around is the drill's result."""
        try:
            self._sign_in()
            self._follow(self._file())
        except (Declined, Unanswered, KeyError, TypeError) as fault:
            self.scene.note_fault(f"caller {self.number} ({self.call.mode})", fault)

    def _sign_in(self) -> None:
        while self.token is None:
            # A code is taken once, and an answer that was lost may have taken it: each try has its own.
            code = {"code": f"login-drill-{_run}-{self.number}#{uuid.uuid4().hex}"}
            try:
                self.token = str(self.service.post("/session", code)["token"])
            except Declined as declined:
                if declined.slug != "login-code-refused":
                    raise
        self.service.carry({"Authorization": f"Bearer {self.token}"})

    def _file(self) -> Filed:
        mode = "photo_text" if self.call.mode == "tip" else self.call.mode
        text = f"演练，不是真的报警 {_run}-{self.number}"
        body: JSON = {"text": text, "position": self._here()}
        if self.call.mode == "tip":
            body["tip"] = True
        tapped = time.monotonic()
        answer = self.service.post(f"/reports/{mode.replace('_', '-')}", body, keyed=True)
        done = time.monotonic()
        incident = answer["incident"]
        filed = Filed(
            call=self.call,
            incident_id=incident["id"],
            number=incident["number"],
            token=str(self.token),
            text=text,
            booked=incident.get("booked_for") is not None,
        )
        self.scene.file(filed)
        self._count(filed, with_line=answer.get("call") is not None)
        self.scene.marks.begin(FILED, filed.incident_id, tapped)
        self.scene.marks.end(FILED, filed.incident_id, done)
        if not filed.booked:
            self.scene.marks.begin(RING, filed.incident_id, tapped)
            self.scene.marks.begin(ANSWER, filed.incident_id, tapped)
        return filed

    def _count(self, filed: Filed, *, with_line: bool) -> None:
        self.scene.tally.add("reports taken")
        if filed.booked:
            self.scene.tally.add("consults booked, the office being shut")
        elif self.call.is_live:
            self.scene.tally.add("live with a line" if with_line else "live without a line at first")
        self._has_line = with_line

    def _follow(self, filed: Filed) -> None:
        """Look at the report, send points and keep the line, until it is closed or the drill is over."""
        self._began_moving = self._looked_at = self._news_at = time.monotonic()
        moves = self.call.is_live and not filed.booked and self.call.kind in MOVES_MPS
        while not self.scene.over.wait(HEARTBEAT_SECONDS):
            now = time.monotonic()
            if moves and now - self._sent_at >= POINT_EVERY_SECONDS:
                moves = self._send_point(filed)
            if now - self._looked_at >= self._between_looks(now):
                status = self._look(filed)
                if status == "closed":
                    return
                if self.call.is_live and not filed.booked:
                    self._go_on(filed, status)

    def _between_looks(self, now: float) -> float:
        calm = now - self._news_at > CALM_AFTER_SECONDS
        return LOOKS_LATER_EVERY_SECONDS if calm else LOOKS_EVERY_SECONDS

    def _look(self, filed: Filed) -> str:
        self._looked_at = time.monotonic()
        incident = self.service.get(f"/reports/{filed.incident_id}")["incident"]
        if incident["version"] != self._version:
            self._version, self._news_at = incident["version"], time.monotonic()
        return str(incident["status"])

    def _go_on(self, filed: Filed, status: str) -> None:
        if status not in OPEN_STATES:
            self._hang_up(filed)
        elif self._has_line:
            self._keep_line(filed)
        else:
            self._join_again(filed)
        if not filed.messages and status != "waiting":
            self._write(filed)

    def _send_point(self, filed: Filed) -> bool:
        """Send where she is; False when the service wants no more."""
        point = self._here()
        at_ms = round(datetime.fromisoformat(point["at"]).timestamp() * 1000)
        watched, sent = self.scene.is_looked_at(filed.incident_id), time.monotonic()
        self._sent_at = sent
        answer = self.service.post(f"/reports/{filed.incident_id}/positions", {"points": [point]})
        if not answer["tracking"]:
            return False
        filed.points[at_ms] = time.monotonic()
        self.scene.tally.add("points taken")
        if watched:
            self.scene.marks.begin(MAP, (filed.incident_id, at_ms), sent)
        return True

    def _write(self, filed: Filed) -> None:
        tapped = time.monotonic()
        answer = self.service.post(f"/reports/{filed.incident_id}/messages", {"text": "演练"}, keyed=True)
        if answer["incident_id"] == filed.incident_id:
            filed.messages += 1
        else:
            # It was closed a moment ago, so this word opened another incident, which rings.
            self.scene.tally.add("words after closing")
            self._adopt(filed, answer["incident_id"], tapped)

    def _adopt(self, filed: Filed, incident_id: str, tapped: float) -> None:
        """Remember the report that her word opened: it must ring, be answered, and have the word."""
        incident = self.service.get(f"/reports/{incident_id}")["incident"]
        self.scene.file(
            Filed(
                call=self.call,
                incident_id=incident_id,
                number=incident["number"],
                token=filed.token,
                text=incident["text"] or "",
                booked=False,
                messages=1,
            )
        )
        for series in (RING, ANSWER):
            self.scene.marks.begin(series, incident_id, tapped)

    def _keep_line(self, filed: Filed) -> None:
        """Nobody sees or hears anything here: the line is held, and no media flow."""
        if time.monotonic() - self._kept_at < KEEPS_LINE_EVERY_SECONDS:
            return
        self._kept_at = time.monotonic()
        try:
            self.service.put(f"/reports/{filed.incident_id}/call")
        except Declined as declined:
            self._has_line = False
            self.scene.tally.add(f"line not kept: {declined.slug}")

    def _join_again(self, filed: Filed) -> None:
        try:
            self.service.post(f"/reports/{filed.incident_id}/call")
            self._has_line = True
            self.scene.tally.add("live given a line later")
        except Declined as declined:
            self.scene.tally.add(f"asked for a line: {declined.slug}")

    def _hang_up(self, filed: Filed) -> None:
        if self._has_line:
            self._has_line = False
            self.service.post(f"/reports/{filed.incident_id}/hangup")

    def _here(self) -> JSON:
        """Where she is: on a circle round the place, as fast as callers of her kind go."""
        lat, lng, speed = self.call.lat, self.call.lng, MOVES_MPS.get(self.call.kind, 0.0)
        if self._began_moving and speed:
            radius_m, went_m = 150.0, speed * (time.monotonic() - self._began_moving)
            angle = went_m / radius_m
            lat += radius_m * math.sin(angle) / DEGREE_M
            lng += radius_m * (1 - math.cos(angle)) / (DEGREE_M * math.cos(math.radians(lat)))
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        return {"lat": lat, "lng": lng, "accuracy_m": 15, "crs": "wgs84", "at": at}
