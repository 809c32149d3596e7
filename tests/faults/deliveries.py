"""What Lambda's pollers do, one step at a time: the stream's records, due messages, and the minutes.

A record comes until it was handled, in its shard's order; a message until it was handled or came five times.
"""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from infra.stream_records import as_lambda_gets_it
from tests.faults.outside import Killed

if TYPE_CHECKING:
    from tests.faults.world import World

Record = dict[str, Any]
BATCH, PAGE = 100, 1000
TIMES = 5
READERS = ("state_changed", "table_changed")
"""The functions that read the stream, each at its own pace."""

AGAIN_AFTER = timedelta(seconds=180)
"""How long the timers' queue hides a message that was received and not deleted (infra/resources.yaml)."""


class Message(msgspec.Struct, kw_only=True):
    """A timer in the queue: when it can be received, and how often it was."""

    body: str
    visible_at: datetime
    received: int = 0

    @property
    def kind(self) -> str:
        return str(json.loads(self.body)["kind"])


class Deliveries:
    """Brings what has come about; what goes wrong is kept in `wrong` in words."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._iterator: str | None = None
        self._heard = 0
        self._running: set[str] = set()
        self.pending: dict[str, list[Record]] = {name: [] for name in READERS}
        self.seen: list[Record] = []
        self.timers: list[Message] = []
        self.wrong: list[str] = []
        self.aside: list[str] = []

    def forget(self) -> None:
        """Begin with nothing on its way."""
        self.look()
        self.pending = {name: [] for name in READERS}
        self.seen, self.timers, self.wrong, self.aside = [], [], [], []

    def look(self) -> None:
        """Take notice of what stands in the stream and the queues by now."""
        is_full = True
        while is_full:
            records = self._fetch()
            for reader in READERS:
                self.pending[reader] += records
            self.seen += records
            is_full = len(records) == PAGE
        from chalicelib.settings import settings

        sent, self._heard = self._world.outside.sent[self._heard :], len(self._world.outside.sent)
        for kind, told in sent:
            if kind != "queue":
                continue
            if told["QueueUrl"] == settings().timers_queue_url:
                delay = timedelta(seconds=int(told.get("DelaySeconds", 0)))
                at = self._world.clock.now() + delay
                self.timers.append(Message(body=told["MessageBody"], visible_at=at))
            else:
                self.aside.append(told["MessageBody"])

    @property
    def waits(self) -> bool:
        """Whether a record waits to be brought."""
        return any(self.pending.values())

    def bring_records(self) -> bool:
        """Hand each function a batch; whether any got on."""
        return sum(self._bring(reader) for reader in READERS) > 0

    def _bring(self, reader: str) -> bool:
        """Hand one batch over; whether it got on. What the function says failed stays, and all after it."""
        batch = self.pending[reader][:BATCH]
        if not batch or reader in self._running:
            return False
        try:
            failed = self._alone(reader, {"Records": batch})["batchItemFailures"]
        except (Killed, Exception):
            return False
        numbers = [one["itemIdentifier"] for one in failed]
        done = next((n for n, one in enumerate(batch) if _number(one) in numbers), len(batch))
        self.pending[reader] = self.pending[reader][done:]
        return done > 0

    def drain(self) -> None:
        """Bring records until there are none."""
        self.look()
        while self.waits:
            if not any(self.bring_records() for _ in range(TIMES)):
                self.wrong.append(f"the stream is stuck: {[name for name in READERS if self.pending[name]]}")
                self.pending = {name: [] for name in READERS}
            self.look()

    def bring_timer(self, message: Message) -> bool:
        """Hand one message over; whether it was taken. One that was not comes again, but not for ever."""
        message.received += 1
        self.timers.remove(message)
        try:
            self._world.invoke("timer_due", {"Records": [_as_a_message(message.body)]})
        except (Killed, Exception):
            message.visible_at = self._world.clock.now() + AGAIN_AFTER
            if message.received >= TIMES:
                self.wrong.append(f"a timer for {message.kind} stands among the dead letters")
            else:
                self.timers.append(message)
            return False
        finally:
            self.look()
        return True

    def sweep(self) -> bool:
        """What a new minute starts; whether all of it went well."""
        return self._schedule("sweep")

    def keep(self) -> bool:
        """What the keeper does in a new minute; whether all of it went well."""
        return self._schedule("keeper")

    def go_on(self) -> None:
        """What comes about while a function waits: the stream's batch, what is due, a minute that begins."""
        self.look()
        self.bring_records()
        self.look()
        now = self._world.clock.now()
        for message in [one for one in self.timers if one.visible_at <= now]:
            self.bring_timer(message)
        for start in (self.sweep, self.keep):
            start()

    def _alone(self, function: str, event: Record) -> Any:
        """Call a function of which never two run at once: a shard has one reader, and a minute one sweep."""
        self._running.add(function)
        try:
            return self._world.invoke(function, event)
        finally:
            self._running.remove(function)

    def _schedule(self, function: str) -> bool:
        if function in self._running:
            return True
        try:
            self._alone(function, {**MINUTE, "id": function})
        except (Killed, Exception):
            return False
        finally:
            self.look()
        return True

    def settle(self, seconds: float, *, sweeps: bool = True) -> None:
        """Let everything happen that comes about within that time, and what each full minute starts."""
        self.drain()
        now = self._world.clock.now()
        until, minute = now + timedelta(seconds=seconds), now + timedelta(minutes=1)
        while True:
            due = min(self.timers, key=lambda one: one.visible_at, default=None)
            if sweeps and minute <= until and (due is None or minute <= due.visible_at):
                self._world.clock.be_at_least(minute)
                minute += timedelta(minutes=1)
                for start in (self.sweep, self.keep):
                    if not start() and not start():
                        self.wrong.append(f"the {start.__name__} fails")
            elif due is not None and due.visible_at <= until:
                self._world.clock.be_at_least(due.visible_at)
                self.bring_timer(due)
            else:
                break
            self.drain()
        self._world.clock.be_at_least(until)

    def _fetch(self) -> list[Record]:
        from chalicelib.settings import settings

        client, arn = self._world.quietly("dynamodbstreams"), settings().incidents_stream_arn
        if self._iterator is None:
            shards = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
            (shard,) = (one["ShardId"] for one in shards)
            asked = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
            self._iterator = client.get_shard_iterator(**asked)["ShardIterator"]
        page = client.get_records(ShardIterator=self._iterator, Limit=PAGE)
        self._iterator = page["NextShardIterator"]
        return [as_lambda_gets_it(record, stream_arn=arn) for record in page["Records"]]


MINUTE = {
    "version": "0",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-06-01T00:00:00Z",
    "region": "ap-southeast-1",
    "resources": ["arn:aws:events:ap-southeast-1:000000000000:rule/minute"],
    "detail": {},
}


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _as_a_message(body: str) -> Record:
    return {
        "messageId": "m",
        "receiptHandle": "r",
        "body": body,
        "attributes": {},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ap-southeast-1:000000000000:q",
        "awsRegion": "ap-southeast-1",
    }
