"""Live calls at the console and by the officer's link, in Chromium, through the whole machine."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.live_room import CITIZEN_HZ, SEAT_HZ, SECONDS, THIRD_HZ, Room
from tests.browser.room.scenes import SCENE, admit, called, officer_in
from tests.desk import a_citizen, a_seat, entry_of, kinds
from tests.machine import Machine, StaffClient, done, eventually
from tests.media import send_still

OFFERED = """window.offered = [];
const describe = RTCPeerConnection.prototype.setLocalDescription;
RTCPeerConnection.prototype.setLocalDescription = function (description) {
  offered.push(description.sdp);
  return describe.call(this, description);
};
window.asked = [];
const real = navigator.mediaDevices.getUserMedia;
navigator.mediaDevices.getUserMedia = (wanted) => {
  asked.push(Object.keys(wanted).filter((kind) => wanted[kind]));
  return real(wanted);
};"""
NO_WEBRTC = "delete window.RTCPeerConnection; window.RTCPeerConnection = undefined;"


def test_a_video_call_is_seen_heard_and_written_on_both_sides(room: Room, seat: StaffClient) -> None:
    desk, citizen, incident_id = called(room, seat)
    desk.sees(desk.picture)
    desk.hears(CITIZEN_HZ)
    citizen.hears(SEAT_HZ)
    desk.loses(SEAT_HZ)
    citizen.sees("video.theirs")
    panel = desk.panel(incident_id)
    panel.get_by_test_id("message").get_by_role("textbox").fill("民警马上就到")
    panel.get_by_test_id("message").get_by_role("button", name="发送").click()
    expect(citizen.page.get_by_text("民警马上就到")).to_be_visible(timeout=SECONDS)
    eventually(lambda: "recording.kept" in kinds(seat, incident_id), within_seconds=40)
    expect(panel.get_by_test_id("recording")).to_contain_text("录制中")


def test_a_waiting_picture_is_never_clear_before_the_answer(room: Room, seat: StaffClient) -> None:
    desk = room.console(seat.account)
    _, incident_id = room.citizen("video110")
    card = desk.card(incident_id)
    expect(card.get_by_test_id("blurred")).to_be_visible(timeout=SECONDS)
    assert card.get_by_test_id("blurred").evaluate("(one) => one.width * one.height") <= 400
    card.locator(".card-open").click()
    panel = desk.panel(incident_id)
    expect(panel.locator(".stage .blurred")).to_be_visible(timeout=SECONDS)
    assert panel.locator("img").evaluate_all("(all) => all.filter((one) => one.src).length") == 0
    desk.answer(incident_id)
    desk.stands(incident_id, "live")
    expect(panel.get_by_test_id("blurred")).to_be_hidden()


def test_a_snapshot_is_kept_as_evidence(room: Room, seat: StaffClient) -> None:
    desk, _, incident_id = called(room, seat)
    desk.panel(incident_id).get_by_test_id("call-snapshot").click()

    def kept() -> bool:
        record = done(seat.get(f"/console/incidents/{incident_id}"))
        return any(one["kind"] == "snapshot" and one["state"] == "accepted" for one in record["media"])

    eventually(kept, within_seconds=30)


def test_an_officer_by_link_is_shown_the_scene_once_the_call_taker_lets_him_in(
    room: Room, seat: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, _, incident_id = called(room, seat)
    officer = room.officer(incident_id, seat)
    officer.page.get_by_role("button", name="实时画面").click()
    expect(officer.page.locator("dialog.live[data-state=waiting]")).to_be_visible(timeout=SECONDS)
    officer.loses(CITIZEN_HZ)
    began = time.monotonic()
    admit(desk, incident_id, "officer.")
    officer.sees(SCENE)
    with capsys.disabled():
        print(f"\nofficer: let in → picture {time.monotonic() - began:.1f} s", end=" ")
    officer.hears(CITIZEN_HZ)
    officer.hears(SEAT_HZ)
    officer.loses(THIRD_HZ)
    desk.loses(THIRD_HZ)
    officer.page.get_by_role("button", name="说话").click()
    desk.hears(THIRD_HZ)
    expect(officer.page.locator(".live-mark")).to_be_visible()
    desk.party(incident_id, "officer.").get_by_role("button", name="请出").click()
    expect(officer.page.get_by_text("接警员已将您请出连线")).to_be_visible(timeout=SECONDS)
    desk.loses(THIRD_HZ)


def test_officer_and_desk_write_to_each_other_and_the_citizen_reads_none_of_it(
    room: Room, seat: StaffClient
) -> None:
    desk, citizen, incident_id = called(room, seat)
    officer = room.officer(incident_id, seat)
    officer.page.get_by_label("写给指挥中心…").fill("已到小区门口，几号楼？")
    officer.page.get_by_role("button", name="发送").click()
    panel = desk.panel(incident_id)
    expect(panel.locator(".talk .line.officer", has_text="几号楼")).to_be_visible(timeout=SECONDS)
    panel.locator("[data-reader=officers]").click()
    panel.get_by_test_id("message").get_by_role("textbox").fill("3 号楼 2 单元")
    panel.get_by_test_id("message").get_by_role("button", name="发送").click()
    expect(officer.page.locator(".chat .theirs", has_text="3 号楼 2 单元")).to_be_visible(timeout=SECONDS)
    assert "3 号楼" not in citizen.page.locator("body").inner_text()


def test_a_commander_listens_in_on_the_record_and_is_heard_only_when_he_said_so(
    room: Room, seat: StaffClient, machine: Machine
) -> None:
    desk, citizen, incident_id = called(room, seat)
    commander = room.console(a_seat(machine, "commander").account, THIRD_HZ)
    commander.card(incident_id).locator(".card-open").click()
    panel = commander.panel(incident_id)
    panel.get_by_test_id("call-listen").click()
    commander.stands(incident_id, "live")
    commander.hears(CITIZEN_HZ)
    assert entry_of(seat, incident_id, "call.listened")["details"] == {"speaks": False}
    citizen.loses(THIRD_HZ)
    panel.get_by_test_id("call-speak").click()
    citizen.hears(THIRD_HZ)
    assert entry_of(seat, incident_id, "call.listened")["details"] == {"speaks": True}
    panel.get_by_test_id("call-leave").click()
    citizen.loses(THIRD_HZ)
    desk.stands(incident_id, "live")


def test_a_voice_call_sends_no_picture_and_asks_for_none(room: Room, seat: StaffClient) -> None:
    desk = room.console(seat.account)
    citizen, incident_id = room.citizen("voice", OFFERED)
    desk.answer(incident_id)
    desk.stands(incident_id, "sound")
    desk.hears(CITIZEN_HZ)
    citizen.hears(SEAT_HZ)
    citizen.page.reload()
    expect(citizen.page.locator(".live[data-state=connected]")).to_be_visible(timeout=SECONDS)
    assert citizen.page.evaluate("asked") == [["audio"]]
    offers = citizen.page.evaluate("offered")
    assert offers
    assert not [one for one in offers if "m=video" in one]
    assert "m=audio" in offers[0]
    assert desk.panel(incident_id).get_by_test_id("call-camera").count() == 0
    assert done(seat.get(f"/console/incidents/{incident_id}"))["media"] == []


def test_a_console_that_is_loaded_again_goes_on_with_the_call(
    room: Room, seat: StaffClient, capsys: pytest.CaptureFixture[str]
) -> None:
    desk, citizen, incident_id = called(room, seat)
    officer = officer_in(room, desk, seat, incident_id)
    began = time.monotonic()
    desk.page.reload()
    desk.stands(incident_id, "live")
    with capsys.disabled():
        print(f"\nconsole loaded again: picture after {time.monotonic() - began:.1f} s", end=" ")
    desk.hears(CITIZEN_HZ)
    citizen.hears(SEAT_HZ)
    officer.sees(SCENE)


def test_two_windows_of_one_account_do_not_fight_over_a_call(room: Room, seat: StaffClient) -> None:
    desk, citizen, incident_id = called(room, seat)
    other = room.window_of(desk)
    other.stands(incident_id, "elsewhere")
    citizen.hears(SEAT_HZ)
    desk.page.close()
    other.stands(incident_id, "live")
    citizen.hears(SEAT_HZ)


def test_a_second_call_puts_the_first_on_hold(room: Room, seat: StaffClient) -> None:
    desk, first, first_id = called(room, seat)
    first.hears(SEAT_HZ)
    second, second_id = room.citizen("video110")
    desk.answer(second_id)
    desk.stands(second_id, "live")
    second.hears(SEAT_HZ)
    first.loses(SEAT_HZ)
    desk.card(first_id).locator(".card-open").click()
    desk.panel(first_id).get_by_test_id("call-resume").click()
    first.hears(SEAT_HZ)
    second.loses(SEAT_HZ)


def test_without_webrtc_the_newest_still_stands_large_at_the_console(room: Room, seat: StaffClient) -> None:
    desk = room.console(seat.account)
    _, incident_id = room.citizen("video110", NO_WEBRTC)
    desk.answer(incident_id)
    desk.stands(incident_id, "stills")
    still = desk.panel(incident_id).get_by_test_id("citizen-still")
    eventually(lambda: still.evaluate("(one) => one.naturalWidth > 0"), within_seconds=20)
    first = still.get_attribute("data-id")
    eventually(lambda: still.get_attribute("data-id") != first, within_seconds=30)
    expect(desk.panel(incident_id).get_by_test_id("call-state")).to_have_text("静止画面")


def test_older_stills_come_as_they_are_looked_for(room: Room, seat: StaffClient, machine: Machine) -> None:
    sent = 15  # A record shows the newest dozen.
    citizen = a_citizen(machine)
    incident_id = done(citizen.post("/reports/video110", {}))["incident"]["id"]
    for number in range(sent):
        send_still(citizen, incident_id, number)
    desk = room.console(seat.account)
    panel = desk.answer(incident_id)
    expect(panel.get_by_test_id("call-stills")).to_contain_text(f"静止画面 {sent} 张", timeout=SECONDS)
    panel.get_by_test_id("call-stills").click()
    title = panel.locator(".viewer-title")
    for number in range(sent, 0, -1):
        expect(title).to_contain_text(f"{number} / {sent}")
        desk.page.keyboard.press("ArrowLeft")
    expect(title).to_contain_text(f"{sent} / {sent}")
    desk.page.keyboard.press("Escape")
    panel.get_by_test_id("dock-timeline").click()
    expect(panel.get_by_test_id("timeline")).to_contain_text(f"静止画面 {sent} 张")
