"""Officers who are sent a link by text: they open it, go, are there, and report back.

The texts are read where the local machine keeps them; on AWS a text goes to a telephone, and there are no
simulated officers.
"""

import re
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import requests

from infra.drill.scene import Scene
from infra.drill.service import JSON, Declined, Service, Tally, Unanswered

READ_EVERY_SECONDS = 0.5
READS_TEXT_SECONDS = 20
DRIVES_SECONDS = 420
WORKS_SECONDS = 900
NUMBER = re.compile(r"警情(?:链接已更新)? (\d{6}-[0-9A-Z]{7})")
LINK = re.compile(r"/(officer|ack)#(\S+)")
ENDED = {"link-ended", "link-not-found", "step-refused"}


class TextLog:
    """The texts of the local machine, each told once to whoever waits for them."""

    def __init__(self, aws_endpoint: str, tally: Tally) -> None:
        self._url = f"{aws_endpoint}/_ministack/sns/sms-messages"
        self._session = requests.Session()
        self._session.trust_env = False
        self._tally = tally
        self._told: set[str] = set()
        self.to_commanders: set[str] = set()
        """Numbers of the incidents of which a commander was texted."""
        # What was sent before the drill is nobody's here.
        self._told = {text["MessageId"] for text in self._texts()}

    def follow(self, over: threading.Event, tell: Callable[[str, str, str], None]) -> None:
        """Call `tell(number, token, phone)` for each officer's link until it is over."""
        while not over.wait(READ_EVERY_SECONDS):
            self.read(tell)

    def read(self, tell: Callable[[str, str, str], None]) -> None:
        """Take what is new."""
        for text in self._texts():
            if text["MessageId"] not in self._told:
                self._told.add(text["MessageId"])
                self._take(text, tell)

    def _take(self, text: JSON, tell: Callable[[str, str, str], None]) -> None:
        number, link = NUMBER.search(text["Message"]), LINK.search(text["Message"])
        if number is None or link is None:
            return
        if link[1] == "ack":
            self.to_commanders.add(number[1])
        else:
            tell(number[1], link[2], text["PhoneNumber"])

    def _texts(self) -> list[JSON]:
        try:
            by_phone = self._session.get(self._url, timeout=30).json()["sms_messages"]
        except requests.RequestException:
            self._tally.add("text log not read")
            return []
        return [text for texts in by_phone.values() for text in texts]


class Officer:
    """One officer with one link."""

    def __init__(self, scene: Scene, url: str, *, token: str, phone: str) -> None:
        self.scene, self.phone = scene, phone
        self.service = Service(url, scene.tally)
        self.service.carry({"X-Link-Token": token})
        self.chance = scene.chance(f"officer {uuid.uuid4()}")

    def run(self) -> None:
        """From the text to the report back; an incident that was closed meanwhile ends it."""
        try:
            self._go()
        except Declined as declined:
            if declined.slug not in ENDED:
                self.scene.note_fault("officer", declined)
            self.scene.tally.add(f"officer was told {declined.slug}")
        except (Unanswered, KeyError) as fault:
            self.scene.note_fault("officer", fault)

    def _go(self) -> None:
        if not self.scene.pass_time(READS_TEXT_SECONDS):
            return
        opened = self.service.post("/link/open", {"last_digits": self.phone[-4:]})
        self.service.carry({"X-Device-Key": opened["device_key"]})
        self.service.post("/link/status", {"status": "en_route"})
        if not self._for_about(DRIVES_SECONDS):
            return
        arrived = datetime.now(UTC)
        self.service.post("/link/status", {"status": "on_scene"})
        if not self._for_about(WORKS_SECONDS):
            return
        times = {"arrived_at": arrived.isoformat(), "ended_at": datetime.now(UTC).isoformat()}
        self.service.post("/link/feedback", {**times, "result": "演练", "people_helped": 1})
        self.scene.tally.add("officers reported back")

    def _for_about(self, day_seconds: float) -> bool:
        return self.scene.pass_time(day_seconds * self.chance.uniform(0.5, 1.5))
