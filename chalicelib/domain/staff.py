"""The signed-in member of staff and what her groups allow."""

from enum import StrEnum

import msgspec

from chalicelib.domain.refusals import NotAllowed
from chalicelib.domain.timeline import Actor, Role


class Group(StrEnum):
    """The groups of the staff's user pool."""

    CALL_TAKER = "call_taker"
    COMMANDER = "commander"
    SPECIALIST = "specialist"
    ADMIN = "admin"


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, by Cognito's word."""

    username: str
    groups: frozenset[str]

    @property
    def commands(self) -> bool:
        """Whether this is a commander, who may do an owner's work."""
        return Group.COMMANDER in self.groups

    @property
    def answers(self) -> bool:
        """Whether she takes reports from the queue."""
        return not self.groups.isdisjoint({Group.CALL_TAKER, Group.COMMANDER})

    def actor(self) -> Actor:
        """As whom the timeline names her: by the first of her groups in this order."""
        for group in (Group.COMMANDER, Group.CALL_TAKER, Group.SPECIALIST, Group.ADMIN):
            if group in self.groups:
                return Actor(role=Role(group), id=self.username)
        raise NotAllowed("no group of the staff")

    def must_be(self, *groups: Group) -> None:
        """Raise `NotAllowed` unless one of her groups is among these."""
        if self.groups.isdisjoint(groups):
            raise NotAllowed("your account does not allow this", needs=[str(group) for group in groups])
