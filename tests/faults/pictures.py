"""Pictures that have arrived in the intake bucket and are checked."""

import hashlib
import json
from collections.abc import Iterator

import requests

from tests.faults.asking import filed, stands
from tests.faults.case import Case
from tests.faults.following import DONE, FAILED
from tests.faults.rounds import Operation
from tests.faults.world import Answer

PHOTO = b"\xff\xd8\xff\xe0" + b"\0" * 200


def _uploaded(case: Case, content: bytes, said: bytes) -> None:
    filed()(case)
    send_picture(case, content, said)


def send_picture(case: Case, content: bytes, said: bytes) -> None:
    """Ask for an upload and send it; the store's message about it is kept for `object_stored`."""
    file = {
        "kind": "photo",
        "content_type": "image/jpeg",
        "size_bytes": len(said),
        "sha256": hashlib.sha256(said).hexdigest(),
    }
    token = case.citizens[0].token
    answer = case.world.ask(token, "POST", f"/reports/{case.id}/media", file)
    form, case.at["media"] = answer.body, answer.body["media_id"]
    session = requests.Session()
    session.trust_env = False
    sent = session.post(form["url"], data=form["fields"], files={"file": content}, timeout=20)
    assert sent.status_code in (201, 204), sent.text
    from chalicelib.adapters.aws import client
    from chalicelib.settings import settings

    key = f"intake/{case.id}/{case.at['media']}"
    version = client("s3").head_object(Bucket=settings().intake_bucket, Key=key)["VersionId"]
    stored = {"s3": {"object": {"key": key, "versionId": version}}}
    case.at["event"] = {"Records": [{"body": json.dumps({"Records": [stored]})}]}


def object_stored(case: Case) -> Answer:
    """Bring the message about what was sent last."""
    try:
        message = {"messageId": "m", "receiptHandle": "r", "eventSourceARN": "arn:aws:sqs:::q"}
        records = [{**message, **one} for one in case.at["event"]["Records"]]
        case.world.invoke("object_stored", {"Records": records})
    except Exception:
        return FAILED
    return DONE


def _shown(case: Case) -> Iterator[str]:
    yield from stands("media.accepted")(case)
    media = case.record()["media"]
    if [one["state"] for one in media] != ["accepted"]:
        yield f"the picture is {[one['state'] for one in media]}"


PICTURES = [
    Operation(
        name="check a picture",
        prepare=lambda case: _uploaded(case, PHOTO, PHOTO),
        act=object_stored,
        expect=_shown,
        seconds=5,
    ),
    Operation(
        name="check what is no picture",
        prepare=lambda case: _uploaded(case, b"x" * 64, b"x" * 64),
        act=object_stored,
        expect=stands("media.refused"),
        seconds=5,
    ),
]
