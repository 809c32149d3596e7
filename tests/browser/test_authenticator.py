"""An authenticator set up at the console's sign-in, and its code asked for the next time."""

import json
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import Browser, Page, Route, expect

from tests.authenticator import another_than, code_of
from tests.browser.conftest import Shoot
from tests.browser.console_page import DESK
from tests.desk import a_seat
from tests.machine import Machine, StaffClient

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def enter(page: Page, machine: Machine, one: StaffClient) -> None:
    """Fill in name and password."""
    page.goto(f"{machine.url}/console")
    page.fill("input[name=username]", one.username)
    page.fill("input[name=password]", one.account["password"])


def test_an_authenticator_is_set_up_by_its_text_and_asked_for_the_next_time(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    one = a_seat(machine)
    context = browser.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    enter(page, machine, one)
    page.get_by_label("签到后绑定").check()
    shoot(page, "authenticator-wish")
    page.get_by_role("button", name="签到").click()
    secret = page.get_by_test_id("secret").inner_text().replace(" ", "")
    link = urlsplit(page.get_by_test_id("otpauth").get_attribute("href") or "")
    assert (link.scheme, unquote(link.path).rpartition(":")[2]) == ("otpauth", one.username)
    assert parse_qs(link.query)["secret"] == [secret]
    shoot(page, "authenticator-setup")
    page.get_by_label("验证码").fill(another_than(code_of(secret)))
    page.get_by_role("button", name="绑定", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    code = code_of(secret)
    page.get_by_label("验证码").fill(f"{code[:3]} {code[3:]}")
    page.get_by_role("button", name="绑定", exact=True).click()
    expect(page.get_by_role("heading", name="试听铃声")).to_be_visible()
    page.evaluate("sessionStorage.clear()")
    enter(page, machine, one)
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("请输入验证器上的 6 位数字。")).to_be_visible()
    shoot(page, "authenticator-code")
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="试听铃声")).to_be_visible()
    context.close()


def test_where_it_is_required_nobody_is_in_before_the_first_code(
    browser: Browser, machine: Machine, shoot: Shoot
) -> None:
    """The local Cognito never requires one: the two answers of the service are played, then it goes on."""
    one, session = a_seat(machine), "s" * 20
    context = browser.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    sent: list[dict[str, str]] = []

    def play(route: Route) -> None:
        sent.append(json.loads(route.request.post_data or "{}"))
        if len(sent) == 1:
            asked = {"challenge": "mfa-setup", "session": session, "secret": SECRET}
            route.fulfill(json=asked)
        elif len(sent) == 2:
            refused = {"type": "sign-in-refused", "title": "Not signed in", "status": 401}
            route.fulfill(status=401, json=refused, content_type="application/problem+json")
        else:
            real = {"username": one.username, "password": one.account["password"]}
            route.continue_(post_data=json.dumps(real))

    page.route("**/console/session", play)
    enter(page, machine, one)
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("本单位要求使用手机验证器")).to_be_visible()
    expect(page.get_by_test_id("secret")).to_contain_text("GEZD GNBV")
    expect(page.get_by_role("button", name="暂不绑定")).to_have_count(0)
    shoot(page, "authenticator-required")
    page.get_by_label("验证码").fill("123456")
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    page.get_by_label("验证码").fill("６５４ ３２１")
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="试听铃声")).to_be_visible()
    assert sent[2] == {"username": one.username, "session": session, "setup_code": "654321"}
    context.close()
