"""The citizen's side of a live call: left, come back into, hidden away, listened in on; and the text back."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.incident import LIVE, Change, Contact, Incident, Status, TextState, move
from chalicelib.domain.refusals import StepRefused

HIGHEST = 1


def abandon(incident: Incident, *, at: datetime) -> Change | None:
    """Mark that the citizen left before an answer 接通前中断; it stays in the queue to be worked."""
    if incident.status is not Status.WAITING or incident.mode not in LIVE:
        return None
    abandoned = move(incident, Status.ABANDONED, left_call=True, abandoned_at=incident.abandoned_at or at)
    return Change(incident=abandoned, kind="incident.abandoned")


def may_text_back(incident: Incident) -> bool:
    """Whether a citizen who left before an answer is texted by itself: never one who may be hiding, and once.

    Only a number that WeChat vouches for is surely her own; a typed one may be a stranger's.
    """
    reachable = incident.contact is Contact.ANY and incident.phone is not None and incident.phone_verified
    return incident.status is Status.ABANDONED and reachable and not incident.texted_back


def texted_back(incident: Incident, *, state: TextState, why: str | None) -> Change | None:
    """Record that she was texted and what became of it; a second time there is nothing to record."""
    if incident.texted_back:
        return None
    details: dict[str, object] = {"state": state} | ({"why": why} if why else {})
    texted = replace(incident, texted_back=True)
    return Change(incident=texted, kind="citizen.texted", details=details)


def end_call(incident: Incident, *, at: datetime) -> Change | None:
    """Record that the citizen ended her side of the call; before an answer that abandons it."""
    if incident.status is Status.WAITING:
        return abandon(incident, at=at)
    if not incident.is_open or incident.mode not in LIVE or incident.left_call:
        return None
    return Change(incident=replace(incident, left_call=True), kind="call.ended")


def resume_call(incident: Incident) -> Change | None:
    """Record that the citizen came back into the call she had left; one that was abandoned waits again."""
    if not incident.is_open or not incident.left_call:
        return None
    back = replace(incident, left_call=False)
    if incident.status is Status.ABANDONED:
        back = move(back, Status.WAITING, abandoned_at=None)
    return Change(incident=back, kind="call.resumed")


def listen(incident: Incident, *, speaks: bool) -> Change:
    """Put on record that a commander is in the call."""
    if not incident.is_open:
        raise StepRefused("the incident is closed", incident_status=incident.status)
    return Change(incident=incident, kind="call.listened", details={"speaks": speaks})


def exit_quickly(incident: Incident) -> Change | None:
    """Keep the report of one who had to hide her phone, and make it as urgent as can be.

    Whatever she said when she filed it, from now on nothing rings or texts her by itself.
    """
    if not incident.is_open or incident.exited_quickly:
        return None
    hiding = replace(incident, contact=Contact.APP_ONLY, exited_quickly=True)
    urgent = replace(hiding, priority=HIGHEST, unread=True, behind_until=None)
    details: dict[str, object] = {"priority": HIGHEST, "contact": Contact.APP_ONLY}
    return Change(incident=urgent, kind="citizen.exited", details=details)
