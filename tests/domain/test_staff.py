"""Who is signed in, and what her groups allow."""

import pytest

from chalicelib.domain.refusals import NotAllowed
from chalicelib.domain.staff import Group, Staff
from chalicelib.domain.timeline import Role


def of(*groups: str) -> Staff:
    return Staff(username="somebody", groups=frozenset(groups))


@pytest.mark.parametrize("group", Group)
def test_the_timeline_names_each_group_by_its_role(group: Group) -> None:
    assert of(group).actor().role == Role(group)
    assert of(group).actor().id == "somebody"


def test_a_commander_who_also_takes_calls_acts_as_commander() -> None:
    assert of("admin", "call_taker", "commander").actor().role is Role.COMMANDER
    assert of("admin", "specialist", "call_taker").actor().role is Role.CALL_TAKER


@pytest.mark.parametrize("groups", [(), ("cleaners",)])
def test_an_account_of_no_group_acts_as_nobody(groups: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed):
        of(*groups).actor()


def test_only_a_commander_commands() -> None:
    assert of("commander").commands
    assert not of("call_taker", "specialist", "admin").commands


def test_one_of_the_groups_asked_for_is_enough() -> None:
    of("call_taker").must_be(Group.CALL_TAKER, Group.COMMANDER)


def test_no_group_is_above_the_others_by_itself() -> None:
    with pytest.raises(NotAllowed) as refused:
        of("admin").must_be(Group.CALL_TAKER, Group.COMMANDER)
    assert refused.value.facts == {"needs": ["call_taker", "commander"]}


def test_a_group_of_the_pool_that_is_not_ours_allows_nothing() -> None:
    with pytest.raises(NotAllowed):
        of("administrators").must_be(Group.ADMIN)
