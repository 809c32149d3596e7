"""What staff does to accounts and lists stays on record, by whom and when."""

from typing import Any

from tests.desk import a_phone, a_seat, refused, someone
from tests.machine import Machine, StaffClient, done

SHIFT = {"name": "指挥长", "from": "2039-02-01T00:00:00Z", "to": "2039-02-01T08:00:00Z"}
SPOT = {"lat": 36.5, "lng": 118.5}


def deeds_of(admin: StaffClient, username: str) -> list[tuple[str, str]]:
    """What one person did this month, newest first: the verb and to what."""
    found: list[tuple[str, str]] = []
    cursor = None
    while True:
        page = done(admin.get("/console/audit", params={"cursor": cursor} if cursor else {}))
        mine = [one for one in page["items"] if one["actor"]["id"] == username]
        found += [(one["verb"], one["subject"]) for one in mine]
        cursor = page["cursor"]
        if cursor is None:
            return found


def made(keeper: StaffClient, path: str, body: Any) -> str:
    """Put an entry on a list and take it off again; its id."""
    entry = done(keeper.post(f"/console/{path}", body))
    assert keeper.delete(f"/console/{path}/{entry['id']}").status_code == 204
    return str(entry["id"])


def test_every_entry_made_or_taken_off_is_on_record_with_who_did_it(machine: Machine) -> None:
    keeper, phone = a_seat(machine, "commander"), a_phone()
    expected: list[tuple[str, str]] = []
    for noun, path, body in (
        ("unit", "units", {"name": "一组", "officer_name": "值班民警", "phone": phone}),
        ("department", "departments", {"name": "户籍"}),
        ("shift", "duty", {**SHIFT, "phone": phone}),
        ("watch.person", "watch/persons", {"phone": phone, "reason": "只有名单上写着的原因"}),
        ("watch.place", "watch/places", {"name": "桥", "centre": SPOT, "radius_m": 50, "reason": "x"}),
    ):
        subject, apart = made(keeper, path, body), "_" if "." in noun else "."
        expected = [(f"{noun}{apart}removed", subject), (f"{noun}{apart}added", subject), *expected]
    admin = machine.staff("admin1")
    assert deeds_of(admin, keeper.username) == expected
    assert phone not in admin.get("/console/audit").text
    assert "只有名单上写着的原因" not in admin.get("/console/audit").text


def test_what_an_admin_does_to_an_account_is_on_record(machine: Machine) -> None:
    admin, username = a_seat(machine, "admin"), f"seat-{someone()}"
    done(admin.post("/console/staff", {"username": username, "groups": ["call_taker"]}))
    assert admin.post(f"/console/staff/{username}/reset-mfa").status_code == 204
    assert admin.delete(f"/console/staff/{username}").status_code == 204
    refused(admin.delete(f"/console/staff/{username}"), 404, "staff-not-found")
    verbs = ["staff.removed", "staff.mfa_reset", "staff.added"]
    assert deeds_of(admin, admin.username) == [(verb, username) for verb in verbs]


def test_a_month_is_asked_for_by_its_name(machine: Machine) -> None:
    admin = machine.staff("admin1")
    page = done(admin.get("/console/audit", params={"month": "2019-01"}))
    assert page == {"month": "2019-01", "items": [], "cursor": None}
    refused(admin.get("/console/audit", params={"month": "2019-13"}), 422, "body-invalid")
