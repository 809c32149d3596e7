"""Live reports on the citizen's phone: cameras of Chromium's making, a real hub at the other end."""

import json
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Screens, Shoot
from tests.browser.live import FULL, Desk, LiveCitizen, messages, record
from tests.browser.test_citizen_page import OUTSIDE
from tests.chromium import CAMERAS, launch
from tests.machine import Machine, OwnMachine, StaffClient, done, eventually
from tests.own_county import shut_for_hours

REFUSED = (
    "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };"
)
NO_AUTOPLAY = """let tapped = false;
addEventListener("click", ({ target }) => (tapped ||= target.closest(".tap") !== null), true);
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (!this.muted && !tapped) {
    this.pause();
    return Promise.reject(new DOMException("tap first", "NotAllowedError"));
  }
  return play.call(this);
};"""
BLOCKED = "window.RTCPeerConnection = function () { throw new Error('blocked'); };"
ASKED = """window.asked = [];
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => {
  asked.push(Object.keys(wanted).filter((kind) => wanted[kind]));
  return real(wanted);
};"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A county whose office is closed whenever this runs: its folder, and the hour at which it opens."""
    return shut_for_hours(tmp_path_factory.mktemp("county") / "county")


@pytest.fixture
def opening(county: tuple[Path, str]) -> str:
    """The hour at which the office opens next."""
    return county[1]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, county: tuple[Path, str]) -> Iterator[Machine]:
    """A machine with a line for every test here: one that a page left rests for a minute and more."""
    environment = {"LINES": "30", "COUNTY_DIR": str(county[0])}
    own = OwnMachine(tmp_path_factory.mktemp("live"), environment=environment)
    try:
        yield own.start()
    finally:
        own.stop()


@pytest.fixture(scope="module")
def cameras(browser: Browser) -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that ask nobody."""
    chromium = launch(browser.browser_type, CAMERAS)
    yield chromium
    chromium.close()


@pytest.fixture
def screens(cameras: Browser, machine: Machine) -> Iterator[Screens]:
    """Screens of one test; a script error or a breach of the content policy in any of them fails it."""
    opened = Screens(cameras, machine.url)
    yield opened
    opened.close()
    assert opened.faults == []


@pytest.fixture
def staff(machine: Machine) -> StaffClient:
    """A commander, who may answer and read everything."""
    return machine.staff("commander1")


def someone(screens: Screens, script: str = "", **options: object) -> LiveCitizen:
    """A citizen of this test's own, signed in; `script` runs in her pages before they do."""
    citizen = LiveCitizen(screens.phone(**{"permissions": FULL, **options}))
    if script:
        citizen.page.add_init_script(script)
    citizen.sign_in(f"live-{uuid.uuid4().hex[:8]}")
    return citizen


def test_video110_connects_both_ways_and_words_go_beside_it(
    screens: Screens, staff: StaffClient, shoot: Shoot
) -> None:
    citizen = someone(screens, ASKED)
    incident = citizen.taps("视频110", "video110")["incident"]
    expect(citizen.page.get_by_text("正在接通")).to_be_visible()
    expect(citizen.page.get_by_text("通话将录音录像")).to_be_visible()
    eventually(lambda: citizen.page.evaluate("asked.length"), within_seconds=10)
    desk = Desk(screens, staff, incident["id"])
    citizen.is_connected()
    citizen.sees_the_call_taker()
    desk.sees()
    desk.hears()
    eventually(lambda: citizen.tone_db(2000) > -40, within_seconds=15)
    desk.says("您好，看到画面了，您现在安全吗？")
    citizen.hears("您现在安全吗")
    citizen.page.get_by_role("button", name="有人受伤").click()
    eventually(lambda: "有人受伤" in messages(staff, incident["id"]))
    shoot(citizen.page, "call")


def test_nothing_is_asked_for_before_the_report_is_in(screens: Screens) -> None:
    citizen = someone(screens, ASKED)
    citizen.page.route("**/reports/video110", lambda route: route.abort())
    citizen.page.get_by_role("button", name="视频110").click()
    expect(citizen.page.get_by_text("网络不通，已自动重试")).to_be_visible()
    assert citizen.page.evaluate("asked") == []
    citizen.page.unroute("**/reports/video110")
    eventually(lambda: citizen.page.evaluate("asked") == [["audio", "video"]], within_seconds=20)


def test_waiting_shows_how_many_ring_before_and_takes_words(
    screens: Screens, machine: Machine, staff: StaffClient
) -> None:
    for number in range(2):
        done(
            machine.citizen(f"before-{number}-{uuid.uuid4().hex[:6]}").post(
                "/reports/photo-text", {"text": "门口吵架"}
            )
        )
    citizen = someone(screens)
    incident = citizen.taps("视频110", "video110")["incident"]
    expect(citizen.page.locator(".ahead")).to_have_text(re.compile(r"前面还有 ([2-9]|\d\d+) 人"))
    citizen.says("我在二楼")
    assert "我在二楼" in messages(staff, incident["id"])
    expect(citizen.page.get_by_role("link", name="拨打 110")).to_be_hidden()
    expect(citizen.page.get_by_role("link", name="拨打 110")).to_be_visible(timeout=30_000)
    citizen.page.goto(f"./#/reports/{incident['id']}")
    expect(citizen.page.get_by_text("还没有人接手")).to_be_visible()
    expect(citizen.page.get_by_role("link", name="拨打 110")).to_be_visible()


def test_a_reload_goes_on_with_the_same_call(screens: Screens, staff: StaffClient) -> None:
    citizen = someone(screens)
    incident = citizen.taps("视频110", "video110")["incident"]
    desk = Desk(screens, staff, incident["id"])
    citizen.is_connected()
    citizen.page.reload()
    citizen.is_connected()
    citizen.sees_the_call_taker()
    desk.sees()
    assert record(staff, incident["id"])["incident"]["status"] == "answered"


def test_ending_asks_once_and_the_report_stays(screens: Screens, staff: StaffClient) -> None:
    citizen = someone(screens)
    incident = citizen.taps("视频110", "video110")["incident"]
    end = citizen.page.locator(".control.end")
    end.click()
    question = citizen.page.get_by_role("dialog")
    assert "取消" not in (question.text_content() or "")
    question.get_by_role("button", name="继续报警").click()
    expect(question).to_have_count(0)
    expect(citizen.page.get_by_text("正在接通")).to_be_visible()
    end.click()
    question.get_by_role("button", name="结束").click()
    citizen.sees("接通前中断")
    eventually(lambda: record(staff, incident["id"])["incident"]["status"] == "abandoned")


def test_when_the_hub_ends_the_call_the_report_goes_on_in_words(screens: Screens, staff: StaffClient) -> None:
    citizen = someone(screens)
    incident = citizen.taps("视频110", "video110")["incident"]
    desk = Desk(screens, staff, incident["id"])
    citizen.is_connected()
    desk.page.evaluate("desk.hub.close()")
    citizen.sees("接警员已接")
    expect(citizen.page.get_by_role("link", name="回到通话")).to_be_visible()
    citizen.says("我还在门口")


def test_a_phone_that_refuses_sound_shows_a_button_and_plays_after_a_tap(
    screens: Screens, staff: StaffClient
) -> None:
    citizen = someone(screens, NO_AUTOPLAY)
    Desk(screens, staff, citizen.taps("视频110", "video110")["incident"]["id"])
    citizen.is_connected()
    citizen.sees_the_call_taker()
    tap = citizen.page.get_by_role("button", name="点一下，听到声音")
    expect(tap).to_be_visible()
    tap.click()
    expect(tap).to_be_hidden()
    assert citizen.page.evaluate("document.querySelector('.theirs').muted") is False


def test_the_microphone_can_be_turned_off_and_on(screens: Screens, staff: StaffClient) -> None:
    citizen = someone(screens)
    desk = Desk(screens, staff, citizen.taps("视频110", "video110")["incident"]["id"])
    desk.hears()
    citizen.page.get_by_role("button", name="关麦克风").click()
    eventually(lambda: desk.page.evaluate("desk.hub.levels().citizen < -95"), within_seconds=10)
    citizen.page.get_by_role("button", name="开麦克风").click()
    desk.hears()


def test_without_a_camera_the_page_says_why_and_words_go_on(screens: Screens, staff: StaffClient) -> None:
    citizen = someone(screens, REFUSED)
    incident = citizen.taps("视频110", "video110")["incident"]
    trouble = citizen.page.locator(".trouble")
    expect(trouble).to_contain_text("没有摄像头权限")
    expect(trouble).to_contain_text("文字和您的位置")
    citizen.says("两个人在打架")
    assert "两个人在打架" in messages(staff, incident["id"])
    assert record(staff, incident["id"])["incident"]["position"] is not None


def test_with_webrtc_blocked_a_still_is_at_the_console_soon(
    screens: Screens, staff: StaffClient, shoot: Shoot
) -> None:
    citizen = someone(screens, BLOCKED)
    incident = citizen.taps("视频110", "video110")["incident"]
    filed_at = time.monotonic()

    def stills() -> list[object]:
        media = record(staff, incident["id"])["media"]
        return [one for one in media if one["kind"] == "still" and one["state"] == "accepted"]

    eventually(stills, within_seconds=15)
    print(f"\nwithout WebRTC a still was at the console {time.monotonic() - filed_at:.1f} s after filing")
    expect(citizen.page.locator(".trouble")).to_contain_text("不支持视频通话，正在每 2 秒传一张照片")
    eventually(lambda: len(stills()) >= 3, within_seconds=15)
    shoot(citizen.page, "ladder")


def test_voice_never_asks_for_the_camera_and_without_a_position_asks_for_the_place_in_words(
    screens: Screens, staff: StaffClient
) -> None:
    citizen = someone(screens, ASKED, permissions=["microphone"])
    incident = citizen.taps("语音报警", "voice")["incident"]
    desk = Desk(screens, staff, incident["id"])
    citizen.is_connected()
    desk.hears()
    assert citizen.page.evaluate("asked") == [["audio"]]
    expect(citizen.page.get_by_text("接警员还不知道您在哪里")).to_be_visible()
    assert desk.page.evaluate("desk.picture.srcObject") is None
    assert record(staff, incident["id"])["media"] == []


def test_a_consult_out_of_hours_is_booked_and_what_cannot_wait_is_put_through_beside_what_waits(
    screens: Screens, opening: str, machine: Machine
) -> None:
    citizen = someone(screens)
    incident = citizen.taps("枫桥在线", "fengqiao")["incident"]
    assert incident["booked_for"] is not None
    expect(citizen.page.get_by_role("heading", name="已预约")).to_be_visible()
    expect(citizen.page.locator(".when")).to_contain_text(re.compile(rf"月\d+日星期. {opening}"))
    page, booked = citizen.page, citizen.page.url
    page.route("**/reports/photo-text", lambda route: route.abort())
    page.goto("./#/report")
    page.get_by_label("发生了什么").fill("有人围在办公室门口")
    page.get_by_role("button", name="报警", exact=True).click()
    expect(page.get_by_text("网络不通，已自动重试")).to_be_visible()
    page.goto(booked)
    citizen.taps("视频110", "video110")
    expect(page.get_by_text("正在接通")).to_be_visible()
    page.unroute("**/reports/photo-text")
    eventually(
        lambda: reports_of(citizen, machine) == ["fengqiao", "photo_text", "video110"], within_seconds=30
    )


def reports_of(citizen: LiveCitizen, machine: Machine) -> list[str]:
    """The modes in which the service has reports of this citizen."""
    anyone = machine.anyone()
    token = citizen.page.evaluate("JSON.parse(localStorage.getItem('instant110.session')).token")
    anyone.session.headers["Authorization"] = f"Bearer {token}"
    return sorted(one["mode"] for one in done(anyone.get("/reports"))["items"])


def test_someone_outside_is_asked_first_and_then_put_through(screens: Screens) -> None:
    citizen = someone(screens, geolocation=OUTSIDE)
    expect(citizen.page.get_by_role("alert").filter(has_text="您可能不在我们的辖区内")).to_be_visible()
    citizen.page.get_by_role("button", name="视频110").click()
    citizen.page.get_by_role("button", name="仍要报警").click()
    expect(citizen.page.get_by_text("正在接通")).to_be_visible()


def test_silent_is_dark_soundless_and_understood(screens: Screens, staff: StaffClient, shoot: Shoot) -> None:
    citizen = someone(screens, WATCH_FOR_SOUND)
    page = citizen.page
    page.context.set_offline(True)
    page.get_by_role("button", name="静音报警").click()
    page.get_by_role("button", name="我听不见").click()
    page.get_by_label("写…").fill("我在二楼")
    page.get_by_label("写…").press("Enter")
    with page.expect_response(re.compile(r"/reports/silent$")) as awaited:
        page.context.set_offline(False)
    incident = awaited.value.json()["incident"]
    assert page.title() == "记事"
    assert incident["id"] not in page.url
    desk = Desk(screens, staff, incident["id"], silent=True)
    desk.sees()
    desk.hears()
    assert messages(staff, incident["id"])[:2] == ["我听不见", "我在二楼"]
    eventually(lambda: page.evaluate("document.querySelector('video').videoWidth > 0"), within_seconds=15)
    page.get_by_role("button", name="我听不见").click()
    desk.says("他现在和您在同一个房间吗？请点是或否。")
    citizen.hears("同一个房间")
    page.get_by_role("button", name="否", exact=True).click()
    eventually(lambda: "否" in messages(staff, incident["id"]))
    expect(page.locator("video")).to_be_hidden()
    shoot(page, "silent")
    page.get_by_role("button", name="我听不见").click()
    expect(page.locator("video")).to_be_visible()
    eventually(lambda: page.evaluate("document.querySelector('video').videoWidth > 0"), within_seconds=15)
    assert page.evaluate(ALL_SILENT)
    page.reload()
    assert page.title() == "记事"
    desk.sees()
    desk.open(silent=True)
    desk.sees()
    assert page.evaluate(ALL_SILENT)
    assert page.evaluate("sounded") == []
    must_be_neutral(page)


def test_a_quick_exit_blanks_the_page_and_nothing_of_it_is_found_again(
    screens: Screens, staff: StaffClient
) -> None:
    citizen = someone(screens)
    page = citizen.page
    incident = citizen.taps("静音报警", "silent")["incident"]
    expect(page.get_by_text("已送到")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    assert page.locator("body").inner_text().strip() == "暂无内容"
    assert page.title() == "记事"
    eventually(lambda: record(staff, incident["id"])["incident"]["priority"] == 1)
    kinds = [one["kind"] for one in record(staff, incident["id"])["timeline"]]
    assert "citizen.exited" in kinds
    eventually(lambda: page.evaluate("localStorage.getItem('instant110.left')") is None)
    page.reload()
    expect(page.get_by_role("button", name="视频110")).to_be_visible()
    expect(page.locator(".going")).to_have_count(0)
    page.get_by_role("link", name="我的报警").click()
    expect(page.get_by_text("您还没有报过警")).to_be_visible()
    assert incident["id"] not in page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_a_quick_exit_without_a_network_still_sends_the_report_and_what_was_said(
    screens: Screens, machine: Machine
) -> None:
    citizen = someone(screens)
    page = citizen.page
    token = page.evaluate("JSON.parse(localStorage.getItem('instant110.session')).token")
    page.context.set_offline(True)
    page.get_by_role("button", name="静音报警").click()
    expect(page.get_by_text("没有网络，正在重试")).to_be_visible()
    page.get_by_role("button", name="有刀").click()
    expect(page.locator(".quiet-talk .mine", has_text="有刀")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.context.set_offline(False)
    anyone = machine.anyone()
    anyone.session.headers["Authorization"] = f"Bearer {token}"
    mine = eventually(lambda: done(anyone.get("/reports"))["items"], within_seconds=30)
    assert [one["mode"] for one in mine] == ["silent"]
    eventually(lambda: "有刀" in messages(machine.staff("commander1"), mine[0]["id"]), within_seconds=15)
    expect(page.get_by_text("暂无内容")).to_be_visible()
    eventually(lambda: page.evaluate("localStorage.getItem('instant110.later')") is None)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("mode", ["video110", "silent"])
def test_a_call_fits_a_small_phone(screens: Screens, language: str, mode: str) -> None:
    kept = json.dumps(language)
    citizen = someone(screens, viewport={"width": 320, "height": 568})
    page = citizen.page
    page.evaluate(f"localStorage.setItem('instant110.language', {kept})")
    page.reload()
    page.locator(f"[data-mode='{mode}']").click()
    expect(page.locator(".live, .quiet-page")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for button in page.locator(".live .control:visible, .quiet-page button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] <= 568


def must_be_neutral(page: Page) -> None:
    """Fail if the page says a word of the police, or announces anything to a reader aloud."""
    text = page.locator("body").inner_text()
    assert not [word for word in ("警", "110", "公安", "录音", "通话") if word in text]
    assert (
        page.locator("[aria-live], [role=alert], [role=status], dialog, audio")
        .locator("visible=true")
        .count()
        == 0
    )


ALL_SILENT = """[...document.querySelectorAll("video, audio")].every((one) =>
  one.muted && (one.srcObject?.getAudioTracks() ?? []).length === 0)"""

WATCH_FOR_SOUND = """window.sounded = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => sounded.push(name);
navigator.vibrate = () => sounded.push("vibrate");
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (!this.muted || (this.srcObject?.getAudioTracks() ?? []).length > 0) sounded.push("play");
  return play.call(this);
};
window.AudioContext = class { constructor() { sounded.push("AudioContext"); } };
const show = HTMLDialogElement.prototype.showModal;
HTMLDialogElement.prototype.showModal = function () { sounded.push("dialog"); return show.call(this); };"""
