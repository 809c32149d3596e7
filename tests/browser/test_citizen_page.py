"""The citizen's page where things go wrong: no network, wrong files, outside, after the end, in hiding."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.conftest import Screens
from tests.browser.in_between import BLOCKED, NOT_ALLOWED, turned_away
from tests.browser.material import picture
from tests.browser.people import Citizen
from tests.machine import CitizenClient, Machine, done, eventually, once

SPOIL_TOKEN = """() => {
  const session = JSON.parse(localStorage.getItem("instant110.session"));
  localStorage.setItem("instant110.session", JSON.stringify({ ...session, token: `${session.token}x` }));
}"""
OUTSIDE = {"latitude": 37.2, "longitude": 118.5, "accuracy": 20}


@pytest.fixture
def citizen(screens: Screens) -> Citizen:
    """A citizen of this test's own, signed in on her phone."""
    somebody = Citizen(screens.phone())
    somebody.sign_in(f"page-{uuid.uuid4().hex[:8]}")
    return somebody


def reports_of(citizen: Citizen, machine: Machine) -> list[dict[str, object]]:
    """What the service has of this citizen."""
    token = citizen.page.evaluate("JSON.parse(localStorage.getItem('instant110.session')).token")
    answer = machine.anyone().get("/reports", headers={"Authorization": f"Bearer {token}"})
    items: list[dict[str, object]] = done(answer)["items"]
    return items


def test_a_report_begun_without_a_network_is_sent_once_when_there_is_one(
    citizen: Citizen, machine: Machine
) -> None:
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("有人落水，在弥河大桥下游")
    page.context.set_offline(True)
    page.get_by_role("button", name="报警", exact=True).click()
    expect(page.get_by_text("网络不通，已自动重试")).to_be_visible()
    expect(page.get_by_role("link", name="拨打 110")).to_be_visible()
    page.context.set_offline(False)
    citizen.sees("已收到")
    assert len(reports_of(citizen, machine)) == 1


def test_a_report_that_waits_is_sent_wherever_the_page_is_opened(citizen: Citizen, machine: Machine) -> None:
    page = citizen.page
    page.route(re.compile(r"/reports/photo-text$"), lambda route: route.abort())
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("店门被撬")
    page.get_by_role("button", name="报警", exact=True).click()
    expect(page.get_by_text("网络不通，已自动重试")).to_be_visible()
    page.goto("./#/me")
    page.unroute(re.compile(r"/reports/photo-text$"))
    page.reload()
    eventually(
        lambda: [one["text"] for one in reports_of(citizen, machine)] == ["店门被撬"], within_seconds=20
    )
    eventually(lambda: page.evaluate("localStorage.getItem('instant110.outbox')") is None)


def test_an_answer_that_got_lost_does_not_make_a_second_report(citizen: Citizen, machine: Machine) -> None:
    page = citizen.page
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route(re.compile(r"/reports/photo-text$"), lose_first)
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("商铺门口有人持棍打砸")
    page.get_by_role("button", name="报警", exact=True).click()
    citizen.sees("已收到")
    assert lost == [201]
    assert len(reports_of(citizen, machine)) == 1


def test_a_refused_report_offers_the_number_and_another_try(citizen: Citizen) -> None:
    page = citizen.page
    spoiled: list[Route] = []

    def spoil_first(route: Route) -> None:
        route.continue_(post_data=None if spoiled else "{")
        spoiled.append(route)

    page.route(re.compile(r"/reports/photo-text$"), spoil_first)
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("仓库冒烟")
    page.get_by_role("button", name="报警", exact=True).click()
    question = page.get_by_role("dialog")
    expect(question.get_by_text("报警没有送达")).to_be_visible()
    expect(question.get_by_role("link", name="拨打 110")).to_have_attribute("href", "tel:110")
    question.get_by_role("button", name="再试一次").click()
    citizen.sees("已收到")


@pytest.mark.parametrize("answer", [NOT_ALLOWED, BLOCKED], ids=["gateway", "firewall"])
def test_a_gateway_that_turns_everybody_away_for_a_while_loses_nothing(
    citizen: Citizen, machine: Machine, tmp_path: Path, answer: dict[str, Any]
) -> None:
    page = citizen.page
    turned_away(page, r"/reports/photo-text$", answer)
    for asked in (r"/media$", r"/messages$", r"/reports/(?!photo-text)[^/]+$"):
        turned_away(page, asked, answer)
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("广场上有人打架")
    page.locator(".add input").set_input_files(picture(tmp_path, "crowd.jpg", "JPEG", hour=21))
    page.get_by_role("button", name="报警", exact=True).click()
    expect(page.get_by_text("网络不通，已自动重试")).to_be_visible()
    citizen.sees("已收到")
    citizen.says("又来了一群人")
    citizen.sees_files_accepted(1)
    assert len(reports_of(citizen, machine)) == 1


def test_a_gateway_that_turns_everybody_away_for_a_while_stops_no_silent_report(
    citizen: Citizen, machine: Machine
) -> None:
    page = citizen.page
    turned_away(page, r"/reports/silent$", NOT_ALLOWED)
    turned_away(page, r"/reports/(?!silent)[^/]+$", NOT_ALLOWED)
    turned_away(page, r"/positions$", NOT_ALLOWED)
    page.get_by_role("button", name="静音报警").click()
    expect(page.locator(".quiet-state")).to_have_text("没有网络，正在重试")
    expect(page.locator(".quiet-state")).to_contain_text("已送到")
    (silent,) = reports_of(citizen, machine)
    placed = machine.staff("seat1")
    address = f"/console/incidents/{silent['id']}"
    eventually(lambda: done(placed.get(address))["incident"]["position"], within_seconds=20)


def test_a_phone_whose_store_of_files_never_answers_reports_all_the_same(screens: Screens) -> None:
    page = screens.phone()
    page.add_init_script("IDBFactory.prototype.open = () => ({})")
    somebody = Citizen(page)
    somebody.sign_in(f"page-{uuid.uuid4().hex[:8]}")
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("有人翻墙")
    page.get_by_role("button", name="报警", exact=True).click()
    somebody.sees("已收到")


def test_what_was_written_and_chosen_survives_a_reload(citizen: Citizen, tmp_path: Path) -> None:
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("邻居家传出争吵和摔东西的声音")
    page.get_by_label("在哪里").fill("兴隆路小区 3 号楼")
    page.locator(".add input").set_input_files([picture(tmp_path, "楼道.jpg", "JPEG", hour=20)])
    expect(page.locator(".picture img")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("发生了什么")).to_have_value("邻居家传出争吵和摔东西的声音")
    expect(page.get_by_label("在哪里")).to_have_value("兴隆路小区 3 号楼")
    expect(page.locator(".picture img")).to_have_count(1)


def test_signing_out_first_names_what_has_not_arrived_and_another_language_keeps_what_is_typed(
    citizen: Citizen,
) -> None:
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("楼下有人砸门")
    page.goto("./#/me")
    page.get_by_label("姓名或称呼").fill("三楼住户")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("三楼住户")
    page.locator(".toggle").click()
    leave = page.get_by_role("button", name="在这部手机上退出")
    leave.click()
    expect(page.get_by_role("dialog")).to_contain_text("没写完的报警")
    page.get_by_role("button", name="先不退出").click()
    page.goto("./#/report")
    expect(page.get_by_label("发生了什么")).to_have_value("楼下有人砸门")
    page.goto("./#/me")
    leave.click()
    page.get_by_role("button", name="仍要退出").click()
    expect(page.get_by_label("演示用户名")).to_be_visible()
    # Signing out loads the page anew, which may still be on its way.
    page.wait_for_function("!JSON.stringify(localStorage).includes('砸门')")


def test_pictures_not_yet_sent_go_on_after_a_reload(
    citizen: Citizen, machine: Machine, tmp_path: Path
) -> None:
    page, store = citizen.page, re.compile(re.escape(machine.aws_endpoint))
    page.route(store, lambda route: route.abort())
    citizen.write_report(
        text="货车撞倒护栏",
        place="大关村口",
        phone="13800000009",
        files=[picture(tmp_path, "护栏.jpg", "JPEG", hour=9)],
    )
    citizen.report()
    expect(page.get_by_text("网络不稳，自动重试中")).to_be_visible()
    page.unroute(store)
    page.reload()
    citizen.sees_files_accepted(1)


def test_a_wrong_file_is_named_at_once_and_the_others_stay(citizen: Citizen, tmp_path: Path) -> None:
    page = citizen.page
    photos = [picture(tmp_path, f"{number}.jpg", "JPEG", hour=8 + number) for number in range(10)]
    page.get_by_role("link", name="图文报警").click()
    letter = FilePayload(name="说明.jpg", mimeType="image/jpeg", buffer=b"%PDF-1.7 not a picture")
    page.locator(".add input").set_input_files([letter])
    expect(page.get_by_role("alert").filter(has_text="“说明.jpg”不能用")).to_be_visible()
    page.locator(".add input").set_input_files(photos)
    expect(page.locator(".picture")).to_have_count(9)
    expect(page.get_by_text("照片最多 9 张，“9.jpg”没有加入。")).to_be_visible()


def test_someone_outside_is_told_at_once_and_can_report_all_the_same(screens: Screens) -> None:
    citizen = Citizen(screens.phone(geolocation=OUTSIDE))
    citizen.sign_in(f"outside-{uuid.uuid4().hex[:8]}")
    page = citizen.page
    notice = page.get_by_role("alert").filter(has_text="您可能不在我们的辖区内")
    expect(notice.get_by_role("link", name="拨打 110")).to_have_attribute("href", "tel:110")
    expect(notice.get_by_role("link", name="12110")).to_have_attribute("href", "sms:12110")
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("父亲在临朐老家联系不上，请帮忙看看")
    expect(page.get_by_text("已附上您的位置")).to_be_visible()
    page.get_by_role("button", name="报警", exact=True).click()
    page.get_by_role("button", name="返回修改").click()
    expect(page.get_by_label("发生了什么")).to_have_value("父亲在临朐老家联系不上，请帮忙看看")
    page.locator(".toggle").click()
    expect(page.get_by_text("You are outside Linqu County.")).to_be_visible()
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("You are outside Linqu County.")).to_be_visible()
    page.get_by_role("button", name="Report anyway").click()
    citizen.sees("Received")


def test_who_asks_not_to_be_rung_is_told_so_and_never_asked_for_a_number(citizen: Citizen) -> None:
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("他在家里，我躲在卧室")
    page.get_by_label("不要回电").check()
    expect(page.get_by_text("我们不会给您打电话")).to_be_visible()
    page.get_by_role("button", name="报警", exact=True).click()
    citizen.sees("已收到")
    expect(page.get_by_text("不会给您回电", exact=True)).to_be_visible()
    expect(page.get_by_text("留一个手机号？")).to_have_count(0)


def test_a_position_can_be_given_once_the_report_is_in(screens: Screens, machine: Machine) -> None:
    citizen = Citizen(screens.phone(permissions=[]))
    citizen.sign_in(f"page-{uuid.uuid4().hex[:8]}")
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("我迷路了")
    incident, _ = citizen.report()
    give = page.get_by_role("button", name="使用我的位置")
    give.click()
    expect(page.get_by_text("没有定位权限")).to_be_visible()
    page.context.grant_permissions(["geolocation"])
    give.click()
    expect(page.get_by_text("您的位置会同步给接警员")).to_be_visible()
    expect(give).to_have_count(0)
    track = f"/console/incidents/{incident['id']}/positions"
    eventually(lambda: done(machine.staff("seat2").get(track))["latest"], within_seconds=15)


def test_writing_after_the_end_opens_a_linked_report_and_goes_there(
    citizen: Citizen, machine: Machine
) -> None:
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("两人在饭店门口打架")
    incident, _ = citizen.report()
    staff = machine.staff("commander1")
    done(staff.post(f"/console/incidents/{incident['id']}/answer", {}))
    done(staff.post(f"/console/incidents/{incident['id']}/close", {"disposition": "advised"}))
    citizen.sees("已办结")
    page.get_by_role("textbox", name="写给接警员").fill("他们又打起来了")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("您刚发的内容已作为新的报警送达")).to_be_visible()
    citizen.sees("已收到")
    assert incident["id"] not in page.url
    expect(page.locator(".chat .mine", has_text="他们又打起来了")).to_be_visible()


def test_words_not_yet_sent_outlive_a_refused_sign_in_and_go_with_the_next_one(
    screens: Screens, machine: Machine
) -> None:
    name = f"page-{uuid.uuid4().hex[:8]}"
    citizen = Citizen(screens.phone())
    citizen.sign_in(name)
    page = citizen.page
    page.get_by_role("link", name="图文报警").click()
    page.get_by_label("发生了什么").fill("有人翻窗")
    incident, _ = citizen.report()
    page.route("**/messages", lambda route: route.abort())
    page.get_by_role("textbox", name="写给接警员").fill("他翻墙跑了")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("网络不通，会自动再发")).to_be_visible()
    page.unroute("**/messages")
    page.evaluate(SPOIL_TOKEN)
    page.reload()
    expect(page.get_by_label("演示用户名")).to_be_visible()
    citizen.sign_in(name)

    def told() -> list[str]:
        timeline = done(machine.citizen(name).get(f"/reports/{incident['id']}"))["timeline"]
        return [entry["details"]["text"] for entry in timeline if entry["kind"] == "message.sent"]

    eventually(lambda: told() == ["他翻墙跑了"], within_seconds=15)


@pytest.mark.parametrize(("address", "seen"), [("./", True), ("./#/n", False)])
def test_the_number_stands_before_any_module_is_loaded_but_never_on_the_silent_page(
    screens: Screens, address: str, *, seen: bool
) -> None:
    page = screens.phone()
    page.route(re.compile(r"/assets/(?!.*first_paint)[^/]*\.js$"), lambda route: route.abort())
    page.goto(address)
    number = page.get_by_role("link", name="拨打 110", include_hidden=True)
    expect(number).to_have_attribute("href", "tel:110")
    if seen:
        expect(number).to_be_visible()
    else:
        assert page.title() == "记事"
        expect(number).to_be_hidden()
        assert page.locator("body").inner_text().strip() == ""


def test_a_login_code_is_taken_out_of_the_address(screens: Screens) -> None:
    page = screens.phone()
    code = once(f"login-code-{uuid.uuid4().hex[:8]}").replace("#", "%23")
    page.goto(f"./#code={code}")
    expect(page.get_by_role("link", name="图文报警")).to_be_visible()
    assert "login" not in page.url


def test_a_used_code_is_refused_in_plain_words(screens: Screens, machine: Machine) -> None:
    used = once("login-twice")
    done(machine.anyone().post("/session", {"code": used}))
    page = screens.phone()
    page.goto(f"./#code={used.replace('#', '%23')}")
    expect(page.get_by_role("alert")).to_have_text("登录码无效或已用过")


def test_own_reports_come_a_page_at_a_time(citizen: Citizen, machine: Machine) -> None:
    page = citizen.page
    token = page.evaluate("JSON.parse(localStorage.getItem('instant110.session')).token")
    client = machine.anyone()
    client.session.headers["Authorization"] = f"Bearer {token}"
    for number in range(23):
        done(client.post("/reports/photo-text", {"text": f"第 {number} 次", "tip": True}))
    page.context.set_offline(True)
    page.get_by_role("link", name="我的报警").click()
    again = page.get_by_role("button", name="再试一次")
    expect(again).to_be_visible(timeout=15_000)
    page.context.set_offline(False)
    again.click()
    expect(page.locator(".report-line")).to_have_count(20)
    page.get_by_role("button", name="更早的报警").click()
    expect(page.locator(".report-line")).to_have_count(23)
    expect(page.locator(".report-line").first).to_contain_text("第 22 次")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_wider_than_a_small_phone(screens: Screens, machine: Machine, language: str) -> None:
    page = screens.phone(viewport={"width": 320, "height": 640})
    remember_sign_in(page, machine.citizen(f"small-{uuid.uuid4().hex[:8]}"), language)
    for view in ("#/", "#/report", "#/reports", "#/me"):
        page.goto(f"./{view}")
        expect(page.locator("#view > *").nth(1)).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, view


def remember_sign_in(page: Page, client: CitizenClient, language: str) -> None:
    """Put a sign-in and a language into the phone's storage."""
    session = {"token": client.token, "expires_at": "2099-01-01T00:00:00Z", "citizen": client.citizen}
    kept = json.dumps(json.dumps(session))
    page.add_init_script(
        f"localStorage.setItem('instant110.session', {kept});"
        f"localStorage.setItem('instant110.language', '{language}');"
    )
