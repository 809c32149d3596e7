"""Check the stored timeline of an incident: that nothing in it was changed, dropped, swapped or cut."""

import msgspec

from chalicelib.adapters import incidents
from chalicelib.adapters.incidents import StoredEntry
from chalicelib.adapters.tables import entry_part
from chalicelib.domain.timeline import (
    Entry,
    EntryUnreadable,
    Fault,
    FaultKind,
    Personal,
    check_chain,
    check_personal,
    read_entry,
)


def check_timeline(incident_id: str) -> list[Fault]:
    """Name everything wrong with the record as the table has it; an empty list is a whole record.

    An entry that cannot be read is a fault and leaves a gap. Personal values that were erased are none.
    Raises `IncidentNotFound`, `IncidentChanged`.
    """
    stored = incidents.as_stored(incident_id)
    faults: list[Fault] = []
    entries: list[Entry] = []
    for one in stored.entries:
        try:
            entry = read_entry((one.body or "").encode())
        except EntryUnreadable:
            faults.append(Fault(kind=FaultKind.UNREADABLE, seq=_number(one.part)))
            continue
        entries.append(entry)
        faults += _faults_beside(entry, one)
    known = stored.incident
    return faults + check_chain(entries, count=known.version, head=known.head, incident_id=incident_id)


def _faults_beside(entry: Entry, stored: StoredEntry) -> list[Fault]:
    """What is wrong with where the entry stands and with the values that stand beside it."""
    faults = []
    if stored.part != entry_part(entry.seq):
        faults.append(Fault(kind=FaultKind.MISPLACED, seq=entry.seq))
    try:
        personal = msgspec.json.decode("{}" if stored.personal is None else stored.personal, type=Personal)
    except msgspec.DecodeError:
        return [*faults, Fault(kind=FaultKind.PERSONAL_CHANGED, seq=entry.seq)]
    return faults + check_personal(entry, personal)


def _number(part: str) -> int:
    """The number an entry stands under; 0 when that is no number either."""
    number = part.removeprefix("entry#")
    return int(number) if number.isascii() and number.isdigit() else 0
