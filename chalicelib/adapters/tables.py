"""Incidents, citizens, feed and desk as PynamoDB models: keys, indexes, and what conditions may look at.

The other two of the six tables, watch lists and figures, stand with the adapters that keep them.

An item keeps its domain struct whole in `body`, as JSON text, and lifts out of it only what a key, an
index or a condition needs. So a stored item reads in the stream with the same types as in the domain,
and floats stay what the phone sent.
"""

import threading
from functools import cache
from typing import Any, ClassVar

import msgspec
from pynamodb.attributes import Attribute, BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.constants import STRING
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.adapters.aws import tables_client
from chalicelib.domain.incident import Incident
from chalicelib.domain.looks import Look
from chalicelib.domain.recording import Fragment
from chalicelib.domain.timeline import Entry, Personal, read_entry, write_entry
from chalicelib.domain.upload import Media
from chalicelib.settings import settings

HEAD = "incident"
"""The `part` of an incident's own item. Sorted between its entries and its media on purpose: one query
from an entry's number on brings the newer entries, the incident and its media, and no marker."""


_reading_types = threading.Lock()


class StructAttribute(Attribute[Any]):
    """A msgspec type as JSON text."""

    attr_type = STRING

    def __init__(self, kind: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        self._decoder: Any = None

    def serialize(self, value: Any) -> str:
        """The struct as JSON text."""
        return msgspec.json.encode(value).decode()

    def deserialize(self, value: str) -> Any:
        """The text as a struct; a text of another shape is a fault and not an empty struct."""
        if self._decoder is None:
            # msgspec 0.22 crashes where two threads are the first to read a type.
            with _reading_types:
                self._decoder = self._decoder or msgspec.json.Decoder(self.kind)
        return self._decoder.decode(value)


class StoredText(UnicodeAttribute):
    """Text as the table has it; what stands there and is no text reads as an empty one."""

    def get_value(self, value: dict[str, Any]) -> Any:
        """The text, or an empty one: one spoilt item must not hide the others of a page."""
        return value.get(STRING, "")


class EntryAttribute(Attribute[Any]):
    """A timeline entry in its canonical text, so that any changed byte shows."""

    attr_type = STRING

    def serialize(self, value: Entry) -> str:
        """The entry's canonical text."""
        return write_entry(value).decode()

    def deserialize(self, value: str) -> Entry:
        """The entry; raises `EntryUnreadable`."""
        return read_entry(value.encode())


def entry_part(seq: int) -> str:
    """The `part` of a timeline entry; eight digits keep their order as text."""
    return f"entry#{seq:08d}"


def media_part(media_id: str) -> str:
    """The `part` of a picture or a video."""
    return f"media#{media_id}"


def still_part(media_id: str) -> str:
    """The `part` of a still as it was asked for; like those below it sorts before the entries, so a record is
    read without it however many there are."""
    return f"a-still#{media_id}"


def numbered_still_part(number: int) -> str:
    """The `part` of the n-th still that was accepted; six digits keep their order as text."""
    return f"b-still#{number:06d}"


STILLS_ASKED = "a-stills"
"""The `part` that counts the stills asked for."""


def stills_minute_part(minute: str) -> str:
    """The `part` that counts those asked for in one minute."""
    return f"a-stills#{minute}"


def fragment_part(seq: int) -> str:
    """The `part` of a recorded fragment; it sorts before the entries, so a record is read without it."""
    return f"av#{seq:06d}"


def look_part(place: str) -> str:
    """The `part` of a look at the evidence; it too sorts before the entries."""
    return f"c-look#{place}"


def marker_part(marker: str) -> str:
    """The `part` of a request's marker, which makes its retry safe."""
    return f"asked#{marker}"


NOW = "been#now"
"""The `part` in which a track grows. Tracks sort before the entries too, and `now` after every number."""


def track_part(number: int) -> str:
    """The `part` of four batches put away, by the number of the last; six digits keep their order."""
    return f"been#{number:06d}"


class Named:
    """A table's name, read from the settings when it is first needed and not as this module is imported."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def __get__(self, instance: object, owner: type) -> str:
        name: str = getattr(settings(), self.setting)
        return name


class Patience:
    """How long a call may take: a citizen waits on it, and a second try is worth more than a long first."""

    connect_timeout_seconds = 1.0
    read_timeout_seconds = 3.0
    max_retry_attempts = 3


class Table(Model):
    """What all tables share: the client, so that a cold start makes one and opens one connection."""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # PynamoDB 6 gives every model a session and a client of its own and has no public way to give it one.
        table = super()._get_connection()
        table.connection._client = _client(cls.Meta)
        return table


@cache
def transactions() -> Connection:
    """The one connection that transactions use."""
    connection = Connection()
    connection._client = _client(Patience)
    return connection


def _client(patience: Any) -> Any:
    return tables_client(
        connect_seconds=patience.connect_timeout_seconds,
        read_seconds=patience.read_timeout_seconds,
        tries=1 + patience.max_retry_attempts,
    )


class ByCitizen(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """A citizen's own reports by time."""

    class Meta:
        index_name = "by_citizen"
        projection = IncludeProjection(["body"])

    citizen_id = UnicodeAttribute(hash_key=True)
    filed_at = UnicodeAttribute(range_key=True)
    body = StructAttribute(Incident)


class ByOwner(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What a call-taker holds; an incident is in it only while it is open and owned."""

    class Meta:
        index_name = "by_owner"
        projection = KeysOnlyProjection()

    owner_id = UnicodeAttribute(hash_key=True)
    filed_at = UnicodeAttribute(range_key=True)


class ByNumber(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Every incident by the number people say; each stands alone under its own, so none is hot."""

    class Meta:
        index_name = "by_number"
        projection = KeysOnlyProjection()

    incident_number = UnicodeAttribute(hash_key=True)


class _Incidents(Table):
    """One item of the incidents table, whatever its part."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    incident_id = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)


class IncidentItem(_Incidents):
    """The incident itself. The counters of asked-for uploads stand outside `body`: they do not change it."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    citizen_id = UnicodeAttribute()
    filed_at = UnicodeAttribute()
    incident_number = UnicodeAttribute(null=True)
    owner_id = UnicodeAttribute(null=True)
    version = NumberAttribute()
    photos_asked = NumberAttribute(default=0)
    videos_asked = NumberAttribute(default=0)
    body = StructAttribute(Incident)
    by_citizen: ClassVar[ByCitizen] = ByCitizen()
    by_owner: ClassVar[ByOwner] = ByOwner()
    by_number: ClassVar[ByNumber] = ByNumber()


class EntryItem(_Incidents):
    """A timeline entry, and apart from it the personal values it holds digests of."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    body = EntryAttribute()
    personal = StructAttribute(Personal, null=True)


class MediaItem(_Incidents):
    """A picture or a video, from the asked-for upload to the checked evidence."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    state = UnicodeAttribute()
    body = StructAttribute(Media)


class CountItem(_Incidents):
    """How many of something were asked for; it changes no incident and sorts before the entries."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    asked = NumberAttribute(default=0)
    expires_at = NumberAttribute(null=True)


class PartItem(_Incidents):
    """Any item of an incident as a query brings it; `body` is read by the part it stands in."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    body = StoredText(null=True)
    personal = StoredText(null=True)


class FragmentItem(_Incidents):
    """A recorded fragment of a call."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    body = StructAttribute(Fragment)


class LookItem(_Incidents):
    """Who looked at files or recording, once a person and hour."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    body = StructAttribute(Look)


class TrackItem(_Incidents):
    """Batches of a track: the last four, newest first, in the part `NOW`; each four before in another.

    With everything it may hold it stays below one kilobyte, which is one write unit.
    """

    class Meta(Patience):
        table_name = Named("incidents_table")

    whose = UnicodeAttribute(null=True)
    number = NumberAttribute(default=0)
    came = NumberAttribute(default=0)
    b1 = BinaryAttribute(legacy_encoding=False, null=True)
    b2 = BinaryAttribute(legacy_encoding=False, null=True)
    b3 = BinaryAttribute(legacy_encoding=False, null=True)
    b4 = BinaryAttribute(legacy_encoding=False, null=True)
    newest = BinaryAttribute(legacy_encoding=False, null=True)
    checked = BinaryAttribute(legacy_encoding=False, null=True)
    ended = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class MarkerItem(_Incidents):
    """What an `Idempotency-Key` stood for: the digest of its body, and the entry it made."""

    class Meta(Patience):
        table_name = Named("incidents_table")

    digest = UnicodeAttribute()
    seq = NumberAttribute()
    expires_at = NumberAttribute()


class CitizenItem(Table):
    """A citizen."""

    class Meta(Patience):
        table_name = Named("citizens_table")

    citizen_id = UnicodeAttribute(hash_key=True)
    openid = UnicodeAttribute()
    phone = UnicodeAttribute(null=True)
    phone_verified = NumberAttribute(default=0)
    name = UnicodeAttribute(null=True)
    trade = UnicodeAttribute(default="none")
    plate = UnicodeAttribute(null=True)
    language = UnicodeAttribute(default="zh-CN")
    standing = UnicodeAttribute(default="good")
    standing_id = UnicodeAttribute(null=True)
    standing_reason = UnicodeAttribute(null=True)
    standing_since = UnicodeAttribute(null=True)
    standing_until = UnicodeAttribute(null=True)
    since = UnicodeAttribute()
    counted_at = UnicodeAttribute(null=True)


class Changes(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Every incident by the time of its newest change."""

    class Meta:
        index_name = "changes"
        projection = AllProjection()

    feed = UnicodeAttribute(hash_key=True)
    changed_at = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()


class Open(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Every open incident by the time since which it rings."""

    class Meta:
        index_name = "open"
        projection = AllProjection()

    open = UnicodeAttribute(hash_key=True)
    rings_at = UnicodeAttribute(range_key=True)
    ringing = NumberAttribute(default=0)
    body = UnicodeAttribute()


class FeedItem(Table):
    """The newest card of one incident.

    It is written without retries of the client's own: a stamp must not reach the table long after it was
    made, or a reader's overlap would not cover it.
    """

    class Meta(Patience):
        max_retry_attempts = 0
        read_timeout_seconds = 2.0
        table_name = Named("feed_table")

    incident_id = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    feed = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    open = UnicodeAttribute(null=True)
    rings_at = UnicodeAttribute()
    ringing = NumberAttribute(default=0)
    body = StoredText()
    last_position = UnicodeAttribute(null=True)
    positioned_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    changes: ClassVar[Changes] = Changes()
    open_index: ClassVar[Open] = Open()


class DeskItem(Table):
    """What the command centre keeps beside incidents; which kinds says `docs/architecture.md`."""

    class Meta(Patience):
        table_name = Named("desk_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = StoredText(null=True)
    seen_at = UnicodeAttribute(null=True)
    department_id = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
