"""Through a whole live call no browser fetches, sends, says or holds a secret key."""

import base64
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from infra.local.aws import ACCESS_KEY, SECRET_KEY, SESSION_TOKEN
from infra.local.vault import CITIZEN_SECRET, WECHAT_APP_SECRET
from tests.browser.live_room import SECONDS, THIRD_HZ, Room
from tests.browser.room.gathered import Gathered, Piece
from tests.desk import a_seat, kinds, record, work
from tests.machine import Machine, StaffClient, done, eventually

SCENE = "dialog.live .live-picture"
LASTING = ("storage", "cookies", "console")


@pytest.fixture
def gathered() -> Gathered:
    """All that the pages of this test fetch and hold."""
    return Gathered()


@pytest.fixture
def room(cameras: Browser, machine: Machine, gathered: Gathered) -> Iterator[Room]:
    """The screens of one test, each listened to from its making on."""
    opened = Room(cameras, machine, listen=gathered.listen)
    yield opened
    opened.close()


def spellings(secret: str) -> set[str]:
    """A secret as it is, in an address, and in base64 wherever it begins there."""
    found = {secret, quote(secret, safe="")}
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret.encode()).decode()
        found.add(encoded[4 if before else 0 : -4])
    return found


def holding(pieces: list[Piece], text: str) -> list[tuple[str, str]]:
    """Whose page holds a text in which kind of thing."""
    return [(piece.page, piece.kind) for piece in pieces if any(one in piece.text for one in spellings(text))]


def a_whole_call(room: Room, machine: Machine, seat: StaffClient, gathered: Gathered) -> None:
    """Filed, answered, recorded, a still and a snapshot kept, an officer let in, handed over, closed."""
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen("video110")
    eventually(lambda: media(seat, incident_id, "still"), within_seconds=30)
    panel = desk.answer(incident_id)
    desk.stands(incident_id, "live")
    officer = room.officer(incident_id, seat)
    officer.page.get_by_role("button", name="实时画面").click()
    desk.party(incident_id, "officer.").get_by_role("button", name="准入").click()
    officer.sees(SCENE)
    panel.get_by_test_id("call-snapshot").click()
    eventually(lambda: media(seat, incident_id, "snapshot"), within_seconds=30)
    eventually(lambda: "recording.kept" in kinds(seat, incident_id), within_seconds=40)
    gathered.read()
    other = a_seat(machine, "commander")
    second = room.console(other.account, THIRD_HZ)
    work(other, incident_id, "take", {"reason": "交接班"})
    second.stands(incident_id, "live")
    citizen.hears(THIRD_HZ)
    done(other.get(f"/console/incidents/{incident_id}/recording?live=true"))
    expect(panel.locator(".stage")).to_have_attribute("data-standing", "others", timeout=SECONDS)


def media(seat: StaffClient, incident_id: str, kind: str) -> bool:
    found = record(seat, incident_id)["media"]
    return any(one["kind"] == kind and one["state"] == "accepted" for one in found)


def test_no_page_address_log_or_storage_holds_a_secret_key(
    room: Room, machine: Machine, seat: StaffClient, gathered: Gathered, capsys: pytest.CaptureFixture[str]
) -> None:
    a_whole_call(room, machine, seat, gathered)
    room.hold_still()
    pieces = gathered.all()
    for secret in (SECRET_KEY, parameter(machine, CITIZEN_SECRET), parameter(machine, WECHAT_APP_SECRET)):
        assert holding(pieces, secret) == []
    # What was gathered is what was there: the key's id and the session's token stand in every signed address.
    signed = Counter(page for page, kind in holding(pieces, ACCESS_KEY) if kind == "websocket")
    assert set(signed) == {"citizen", "console", "officer"}
    assert {"heap", "response", "websocket"} <= {kind for _, kind in holding(pieces, SESSION_TOKEN)}
    # An address outlives its minute nowhere.
    for text in (ACCESS_KEY, SESSION_TOKEN):
        assert [one for one in holding(pieces, text) if one[1] in LASTING] == []
    with capsys.disabled():
        counted = Counter(piece.kind for piece in pieces)
        print(
            f"\nlooked through {dict(counted)}, {sum(len(piece.text) for piece in pieces) >> 20} MB;", end=" "
        )
        print(f"{gathered.unread} answers had no body to read")


def parameter(machine: Machine, name: str) -> str:
    """A secret of the machine."""
    value: str = machine.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    return value
