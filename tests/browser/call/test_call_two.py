"""A call of two in real browsers through the official client: pictures, sound, and what must not pass."""

from tests.browser.call.conftest import NewPlayer
from tests.browser.call.stage import Stage

CITIZEN_HZ = 440
HUB_HZ = 2000


def test_both_sides_see_and_hear_each_other(player: NewPlayer, incident: str) -> None:
    citizen, desk = player().enter(incident, hertz=CITIZEN_HZ), player().host(incident, hertz=HUB_HZ)
    citizen.sees()
    desk.sees()
    citizen.hears(HUB_HZ)
    desk.hears(CITIZEN_HZ)
    assert citizen.do("page.hear(440)") < -90
    assert desk.do("page.hear(2000)") < -90
