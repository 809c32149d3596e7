"""Uploads arriving in the intake bucket, one event a message, and a failed one comes again."""

import json
from urllib.parse import unquote_plus

from chalice.app import Blueprint, SQSEvent

from chalicelib.settings import settings
from chalicelib.telemetry import log, utc_now
from chalicelib.workflows.check_media import check_media

stored_objects = Blueprint(__name__)


@stored_objects.on_sqs_message(queue_arn=settings().stored_objects_queue_arn, batch_size=1)
def object_stored(event: SQSEvent) -> None:
    """Check each stored version that S3 tells of; keys come form-encoded (S3 event notifications)."""
    for message in event:
        for record in json.loads(message.body).get("Records", []):
            stored = record["s3"]["object"]
            if "versionId" not in stored:
                log.error("media.no_version")
                continue
            check_media(unquote_plus(stored["key"]), stored["versionId"], now=utc_now())
