"""Reads a table's stream for a function, as Lambda's event source mapping does.

Order is kept within a shard: a record that fails holds those behind it, until it has failed so often that
it is set aside, with its content, in the queue that is there for it.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.state import State
from infra.local.triggers.function import Function, InvocationFailed, failed_identifiers
from infra.stream_records import as_lambda_gets_it

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

log = logging.getLogger("instant110.local")

IDLE_SECONDS = 0.1
SHARDS_EVERY_SECONDS = 30.0
ATTEMPTS = 8
LONGEST_RETRY_SECONDS = 2.0
_LOST_ITERATOR = ("ExpiredIteratorException", "TrimmedDataAccessException")

Record = dict[str, Any]


@dataclass(kw_only=True)
class _Shard:
    """Where reading stands in one shard."""

    iterator: str | None = None
    pending: list[Record]
    attempts: int = 0
    retry_at: float = 0.0


class StreamTrigger:
    """One function on one stream; `run` ends when asked to and nothing unread is left."""

    def __init__(
        self,
        function: Function,
        *,
        stream_arn: str,
        batch_size: int,
        starting_position: str,
        client: "DynamoDBStreamsClient",
        state: State,
        set_aside: Callable[[str], None],
    ) -> None:
        self.name = f"stream-{function.name}"
        self._function = function
        self._stream_arn = stream_arn
        self._batch_size = batch_size
        self._starting_position = starting_position
        self._client = client
        self._state = state
        self._set_aside = set_aside
        self._document = f"checkpoints/{function.name}.json"
        self._done: dict[str, str] = state.read(self._document, default={}).get(stream_arn, {})
        self._shards: dict[str, _Shard] = {}
        self._listed_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Read until `stop` is set and the stream is empty."""
        while True:
            read = self._read_safely()
            if stop.is_set() and not read and not self._behind():
                return
            if not read:
                time.sleep(IDLE_SECONDS)

    def _read_safely(self) -> int:
        try:
            return self._read_all_shards()
        except (BotoCoreError, ClientError) as error:
            log.error("stream.unreadable %s %s", self.name, type(error).__name__)
            return 0

    def _behind(self) -> bool:
        return any(shard.pending for shard in self._shards.values())

    def _read_all_shards(self) -> int:
        if time.monotonic() - self._listed_at > SHARDS_EVERY_SECONDS:
            self._list_shards()
        return sum(self._read(shard_id, shard) for shard_id, shard in list(self._shards.items()))

    def _list_shards(self) -> None:
        described = self._client.describe_stream(StreamArn=self._stream_arn)["StreamDescription"]
        for listed in described["Shards"]:
            self._shards.setdefault(listed["ShardId"], _Shard(pending=[]))
        self._listed_at = time.monotonic()

    def _read(self, shard_id: str, shard: _Shard) -> int:
        """Take the next batch of the shard to the function; return how many records it got."""
        if not shard.pending:
            self._fetch(shard_id, shard)
        if not shard.pending or time.monotonic() < shard.retry_at:
            return 0
        batch = shard.pending[: self._batch_size]
        taken = self._deliver(shard, batch)
        if taken:
            self._done[shard_id] = shard.pending[taken - 1]["dynamodb"]["SequenceNumber"]
            self._state.write(self._document, {self._stream_arn: self._done})
            shard.pending = shard.pending[taken:]
        return taken

    def _fetch(self, shard_id: str, shard: _Shard) -> None:
        if shard.iterator is None:
            shard.iterator = self._iterator(shard_id)
        try:
            page = self._client.get_records(ShardIterator=shard.iterator, Limit=1000)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _LOST_ITERATOR:
                raise
            shard.iterator = None
            return
        shard.iterator = page.get("NextShardIterator")
        shard.pending = [as_lambda_gets_it(one, stream_arn=self._stream_arn) for one in page["Records"]]

    def _iterator(self, shard_id: str) -> str:
        """After the last record done; from the beginning when the stream no longer knows that one.

        The local AWS does not keep streams over a restart: what it has then is all new.
        """
        asked: dict[str, Any] = {"StreamArn": self._stream_arn, "ShardId": shard_id}
        if done := self._done.get(shard_id):
            try:
                after = self._client.get_shard_iterator(
                    **asked, ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=done
                )
                return after["ShardIterator"]
            except ClientError as error:
                if error.response["Error"]["Code"] not in _LOST_ITERATOR:
                    raise
            asked["ShardIteratorType"] = "TRIM_HORIZON"
        else:
            asked["ShardIteratorType"] = self._starting_position
        return self._client.get_shard_iterator(**asked)["ShardIterator"]

    def _deliver(self, shard: _Shard, batch: list[Record]) -> int:
        """Invoke the function; return how many records from the front are done with."""
        try:
            failed = failed_identifiers(self._function.invoke({"Records": batch}))
            taken = _before_first(failed, batch)
        except InvocationFailed as error:
            log.error("stream.failed %s", error, exc_info=error)
            taken = 0
        if taken == len(batch):
            shard.attempts = 0
            return taken
        if taken:
            shard.attempts = 0
        return taken + self._fail(shard, batch[taken])

    def _fail(self, shard: _Shard, record: Record) -> int:
        """Put off the record; after enough attempts set it aside and count it as done."""
        shard.attempts += 1
        if shard.attempts < ATTEMPTS:
            shard.retry_at = time.monotonic() + min(0.1 * 2**shard.attempts, LONGEST_RETRY_SECONDS)
            return 0
        log.error("stream.set_aside %s %s", self.name, record["eventID"])
        self._set_aside(json.dumps(record, ensure_ascii=False))
        shard.attempts = 0
        return 1


def _before_first(failed: set[str], batch: list[Record]) -> int:
    """How many records come before the first failed one; all when none failed."""
    for place, record in enumerate(batch):
        if record["dynamodb"]["SequenceNumber"] in failed:
            return place
    # An identifier that is not in the batch counts as a failure of the whole, as on Lambda.
    return 0 if failed else len(batch)
