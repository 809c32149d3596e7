"""A seat says how it is; signing out hands over what it holds."""

from datetime import datetime
from functools import partial

from chalicelib.adapters import desk, incidents
from chalicelib.domain import handling
from chalicelib.domain.desk import Seat, SeatState
from chalicelib.domain.staff import Staff


def read_seat(staff: Staff) -> Seat:
    """The seat as stored; one that never spoke is off."""
    return desk.seat(staff.username) or Seat(username=staff.username, state=SeatState.OFF, seen_at=None)


def keep_seat(staff: Staff, state: SeatState, *, department_id: str | None = None, now: datetime) -> Seat:
    """Store the state; `off` puts everything the seat holds back into the ringing queue first."""
    if state is SeatState.OFF:
        for incident_id in incidents.owned_by(staff.username):
            release = partial(handling.release, owner_id=staff.username, at=now, why="signed-out")
            incidents.change(incident_id, release, actor=staff.actor(), at=now)
    seat = Seat(username=staff.username, state=state, seen_at=now, department_id=department_id)
    desk.set_seat(seat, now=now)
    return seat
