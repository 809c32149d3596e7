"""What a drill needs of the command centre: seats, units, places to watch; taken away after it."""

import secrets
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from infra.drill.calls import Call
from infra.drill.scene import Scene
from infra.drill.service import JSON, Declined, Service, sign_in_staff

WATCHED_CALLS = 5
"""A spot with at least so many calls of the day is put on the list of key places."""


class NoSuchAccount(Exception):
    """The accounts given have nobody of the group that is needed."""


class Desk:
    """The accounts of a service, and what can be done with them."""

    def __init__(self, scene: Scene, url: str, accounts: list[JSON]) -> None:
        self.scene, self.url, self.accounts = scene, url, accounts

    def of(self, group: str) -> JSON:
        """An account of that group; raises `NoSuchAccount`."""
        for account in self.accounts:
            if group in account["groups"]:
                return account
        raise NoSuchAccount(f"none of the accounts is a {group}")

    def signed_in(self, group: str) -> Service:
        """A connection of somebody of that group."""
        return Service(self.url, self.scene.tally, renew=sign_in_staff(self.of(group)))

    @contextmanager
    def seats(self, count: int) -> Iterator[list[JSON]]:
        """That many call-takers' accounts; the admin makes those that are missing, and shuts them after."""
        there = [one for one in self.accounts if one["groups"] == ["call_taker"]][:count]
        made: list[JSON] = []
        try:
            while len(there) + len(made) < count:
                made.append(self._make_account())
            yield there + made
        finally:
            for account in made:
                self.signed_in("admin").delete(f"/console/staff/{account['username']}")

    def _make_account(self) -> JSON:
        username, password = f"drill-{uuid.uuid4().hex[:10]}", f"Aa1-{secrets.token_urlsafe(18)}"
        asked = {"username": username, "groups": ["call_taker"]}
        temporary = self.signed_in("admin").post("/console/staff", asked)["temporary_password"]
        anyone = Service(self.url, self.scene.tally)
        first = anyone.post("/console/session", {"username": username, "password": temporary})
        answer = {"username": username, "session": first["session"], "new_password": password}
        anyone.post("/console/session", answer)
        return {"username": username, "password": password, "groups": ["call_taker"]}

    def units(self) -> list[str]:
        """Who can be sent out."""
        return [str(unit["id"]) for unit in self.signed_in("commander").get("/console/units")["items"]]

    @contextmanager
    def watched(self, calls: list[Call]) -> Iterator[int]:
        """Put the spots from which many calls come on the list of key places while the drill goes on."""
        commander, made = self.signed_in("commander"), []
        try:
            for spot, count in Counter(call.spot for call in calls).most_common(3):
                if count >= WATCHED_CALLS:
                    made.append(commander.post("/console/watch/places", _place(spot), keyed=True)["id"])
            yield len(made)
        finally:
            for entry_id in made:
                commander.delete(f"/console/watch/places/{entry_id}")

    def close_the_rest(self) -> int:
        """Have a commander close what no seat came to close: booked consults, and what the end cut off."""
        commander, closed = self.signed_in("commander"), 0
        for filed in self.scene.all_filed():
            at = f"/console/incidents/{filed.incident_id}"
            if commander.get(at)["incident"]["status"] == "closed":
                continue
            try:
                commander.post(f"{at}/close", {"disposition": "advised", "note": "演练结束"})
                closed += 1
            except Declined as declined:
                self.scene.tally.add(f"commander was told {declined.slug}")
        return closed


def _place(spot: tuple[float, float]) -> dict[str, Any]:
    centre = {"lat": spot[0], "lng": spot[1]}
    return {"name": "演练地点", "centre": centre, "radius_m": 100, "reason": "演练"}
