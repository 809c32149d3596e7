"""A caller who moves: her phone's points reach the console's map, and stop with the incident."""

import time
import uuid
from typing import Any

from playwright.sync_api import Browser, Geolocation, expect

from tests.browser.conftest import Screens, Shoot
from tests.browser.console_page import console, empty_the_queue, report
from tests.browser.people import Citizen
from tests.machine import PATIENCE, Machine, done, eventually, once
from tests.within import now

WITHIN_SECONDS = 2.0
SOUTH = Geolocation(latitude=36.42, longitude=118.505, accuracy=15)
NORTH = Geolocation(latitude=36.47, longitude=118.525, accuracy=15)


COUNT_WATCHES = """
  const { geolocation } = navigator;
  const watch = geolocation.watchPosition.bind(geolocation);
  const clear = geolocation.clearWatch.bind(geolocation);
  globalThis.watches = 0;
  geolocation.watchPosition = (...asked) => ((globalThis.watches += 1), watch(...asked));
  geolocation.clearWatch = (id) => ((globalThis.watches -= 1), clear(id));
"""


def test_the_consoles_marker_moves_within_two_seconds_of_a_points_arrival(
    browser: Browser, machine: Machine, shoot: Shoot, capsys: Any
) -> None:
    """Issue 4, show 6."""
    empty_the_queue(machine)
    citizen = machine.citizen(once("moving"), phone="13905362222")
    done(citizen.patch("/session/profile", {"trade": "taxi", "plate": "鲁G·T1234"}))
    start = {"lat": 36.42, "lng": 118.505, "crs": "wgs84", "accuracy_m": 15}
    incident = report(citizen, text="乘客在车上打人", position=start)["id"]
    took = []
    with console(browser, machine, "seat1") as desk:
        desk.sign_in()
        panel = desk.answer(incident)
        expect(panel.locator(".facts")).to_contain_text("鲁G·T1234")
        for step in range(1, 6):
            lat = round(36.42 + step / 100, 5)
            point = {**start, "lat": lat, "at": now().isoformat(), "speed_mps": 15}
            done(citizen.post(f"/reports/{incident}/positions", {"points": [point]}))
            arrived = time.monotonic()
            expect(panel.locator(".place-position")).to_contain_text(f"{lat:.5f}", timeout=5000)
            took.append(time.monotonic() - arrived)
        expect(panel.locator(".place-position")).to_contain_text("时速 54 公里")
        expect(panel.locator(".map-way")).to_have_count(1)
        shoot(desk.page, "moving-caller")
        marker = panel.locator(".map-position").first
        before = marker.bounding_box()
        done(
            citizen.post(
                f"/reports/{incident}/positions",
                {"points": [{**point, "lat": 36.6, "at": now().isoformat()}]},
            )
        )
        eventually(lambda: marker.bounding_box() != before, within_seconds=WITHIN_SECONDS)
    with capsys.disabled():
        print(f"\nthe console showed each point after {', '.join(f'{one:.2f}' for one in took)} s")
    assert max(took) < WITHIN_SECONDS * PATIENCE


def test_a_phone_sends_what_it_could_not_send_and_stops_when_the_incident_is_closed(
    screens: Screens, machine: Machine
) -> None:
    page = screens.phone(geolocation=SOUTH)
    page.add_init_script(COUNT_WATCHES)
    somebody = Citizen(page)
    somebody.sign_in(f"walker-{uuid.uuid4().hex[:8]}")
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("有人尾随我")
    incident, _ = somebody.report()
    address = f"/console/incidents/{incident['id']}"
    expect(page.get_by_text("您的位置会同步给接警员")).to_be_visible()
    seat = machine.staff("seat2")
    eventually(lambda: track(seat, address)["items"], within_seconds=10)
    page.context.set_offline(True)
    page.context.set_geolocation(NORTH)
    page.wait_for_function("() => !navigator.onLine")
    page.context.set_offline(False)
    latest = eventually(
        lambda: (one := track(seat, address)["latest"])["lat"] == NORTH["latitude"] and one, within_seconds=15
    )
    assert latest["accuracy_m"] == 15
    done(seat.post(f"{address}/answer", {}))
    done(seat.post(f"{address}/close", {"disposition": "advised"}))
    eventually(lambda: not track(seat, address)["tracking"])
    expect(page.get_by_text("您的位置会同步给接警员")).to_be_hidden()
    page.wait_for_function("globalThis.watches === 0")


def track(seat: Any, address: str) -> Any:
    return done(seat.get(f"{address}/positions"))
