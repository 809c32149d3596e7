"""What the command centre keeps: seats, units, links."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.adapters import desk
from chalicelib.domain.asked import new_id
from chalicelib.domain.desk import Seat, SeatState
from chalicelib.domain.link import OfficerLink, digest_of
from chalicelib.domain.refusals import IncidentChanged, LinkNotFound, UnitNotFound
from tests.within import now

pytestmark = pytest.mark.usefixtures("inside")


def a_link(token: str) -> OfficerLink:
    link = OfficerLink(
        token_digest=digest_of(token),
        incident_id=new_id(),
        dispatch_id="d",
        link_number=1,
        phone="+8613900000000",
        made_at=now(),
        tries_left=5,
    )
    desk.put_link(link)
    return link


def test_a_link_is_changed_only_as_it_was_read() -> None:
    token = new_id()
    link = a_link(token)
    changed = desk.change_link(link, tries_left=4)
    assert desk.link(token, OfficerLink) == changed
    with pytest.raises(IncidentChanged):
        desk.bind_link(link, "late")
    assert desk.link(token, OfficerLink).device_digest is None


def test_wrong_digits_take_the_tries_and_with_the_last_one_the_link() -> None:
    token = new_id()
    a_link(token)
    left = [desk.count_wrong_digits(desk.link(token, OfficerLink)) for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert desk.link(token, OfficerLink).revoked


def test_of_many_devices_at_once_one_is_bound() -> None:
    token = new_id()
    link = a_link(token)

    def bind(device: str) -> bool:
        try:
            desk.bind_link(link, device)
        except IncidentChanged:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        bound = list(pool.map(bind, "abcdefgh"))
    assert bound.count(True) == 1
    assert desk.link(token, OfficerLink).device_digest == digest_of("abcdefgh"[bound.index(True)])


def test_a_binding_made_again_because_its_answer_was_lost_holds() -> None:
    token = new_id()
    link = a_link(token)
    desk.bind_link(link, "mine")
    desk.bind_link(link, "mine")
    with pytest.raises(IncidentChanged):
        desk.bind_link(link, "yours")
    assert desk.link(token, OfficerLink).device_digest == digest_of("mine")


def test_a_sign_of_life_leaves_the_state_and_a_state_is_a_sign_of_life() -> None:
    name, first, second = f"seat-{new_id()}", now(), now()
    assert desk.seat(name) is None
    desk.see_seat(name, now=first)
    assert desk.seat(name) == Seat(username=name, state=SeatState.READY, seen_at=first)
    desk.set_seat(Seat(username=name, state=SeatState.BREAK, seen_at=first), now=first)
    desk.see_seat(name, now=second)
    assert desk.seat(name) == Seat(username=name, state=SeatState.BREAK, seen_at=second)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(LinkNotFound):
        desk.link(new_id(), OfficerLink)
    with pytest.raises(UnitNotFound):
        desk.unit(new_id())
