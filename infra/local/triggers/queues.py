"""Reads a queue for a function, as Lambda's event source mapping does."""

import logging
import threading
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import REGION
from infra.local.triggers.function import Function, InvocationFailed, failed_identifiers

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger("instant110.local")

LONG_POLL_SECONDS = 1
RETRY_AFTER_SECONDS = 2


class QueueTrigger:
    """One function on one queue; a message is deleted only after the function took it."""

    def __init__(
        self, function: Function, *, queue_url: str, queue_arn: str, batch_size: int, client: "SQSClient"
    ) -> None:
        self.name = f"queue-{function.name}"
        self._function = function
        self._queue_url = queue_url
        self._queue_arn = queue_arn
        self._batch_size = min(batch_size, 10)
        self._client = client

    def run(self, stop: threading.Event) -> None:
        """Receive until `stop` is set; what is not received stays in the queue."""
        while not stop.is_set():
            try:
                self._serve_batch()
            except (BotoCoreError, ClientError) as error:
                if not stop.is_set():
                    log.error("queue.unreadable %s %s", self.name, type(error).__name__)
                stop.wait(1)

    def _serve_batch(self) -> None:
        received = self._client.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=self._batch_size,
            WaitTimeSeconds=LONG_POLL_SECONDS,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not received:
            return
        failed = self._invoke(received)
        for message in received:
            if message["MessageId"] in failed:
                self._put_back(message)
            else:
                self._client.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _invoke(self, received: list[Any]) -> set[str]:
        """Return the ids of the messages to be tried again."""
        everything = {message["MessageId"] for message in received}
        records = [self._as_lambda_gets_it(message) for message in received]
        try:
            failed = failed_identifiers(self._function.invoke({"Records": records}))
        except InvocationFailed as error:
            log.error("queue.failed %s", error, exc_info=error)
            return everything
        return failed if failed <= everything else everything

    def _put_back(self, message: Any) -> None:
        """Try again soon; on AWS it would be after the queue's visibility timeout.

        The queue itself moves a message to its dead letters after `maxReceiveCount`.
        """
        self._client.change_message_visibility(
            QueueUrl=self._queue_url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=RETRY_AFTER_SECONDS,
        )

    def _as_lambda_gets_it(self, message: Any) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {
                name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._queue_arn,
            "awsRegion": REGION,
        }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    """`StringValue` becomes `stringValue`, and so on."""
    return {
        "stringListValues": [],
        "binaryListValues": [],
        **{name[0].lower() + name[1:]: one for name, one in value.items()},
    }
