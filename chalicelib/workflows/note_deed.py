"""Put on record what staff did to an account or a list: in the log, and for good in the table."""

from datetime import datetime

from chalicelib.adapters import deeds
from chalicelib.domain.asked import new_id
from chalicelib.domain.deeds import Deed
from chalicelib.domain.staff import Staff
from chalicelib.domain.standing import time_id
from chalicelib.telemetry import log


def note_deed(staff: Staff, verb: str, subject: str, *, now: datetime) -> None:
    """Note that it is done. `subject` is an id: what the entry says of a person stands on its list alone.

    What takes away, and what cannot be asked for twice, is noted before it is done: whoever dies in between
    leaves a deed that was only begun, and not one that nobody can find. A request that is sent again is noted
    again: better twice than, after a first try that broke off, never.
    """
    deed = Deed(id=time_id(now, new_id()), actor=staff.actor(), verb=verb, subject=subject, at=now)
    # The subject of what takes off a list is whatever the request named, an id or not.
    log.info(verb, by=staff.username, deed_id=deed.id)
    deeds.append(deed)
