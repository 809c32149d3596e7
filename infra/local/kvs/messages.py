"""What goes over the signaling WebSocket: requests of the clients and events of the service.

Source: the WebRTC developer guide, "WebSocket APIs" and "Asynchronous message reception".
"""

import base64
import binascii
import json
import re
from enum import StrEnum

import msgspec

from infra.local.kvs.channels import NAME
from infra.local.kvs.faults import KvsFault, invalid_argument

# The guide says 10K; the lower reading, so that what passes here passes there.
PAYLOAD_LIMIT_CHARACTERS = 10_000
_CORRELATION_ID = re.compile(r"[a-zA-Z0-9_.-]{1,256}")


class Action(StrEnum):
    """What a client may send."""

    OFFER = "SDP_OFFER"
    ANSWER = "SDP_ANSWER"
    CANDIDATE = "ICE_CANDIDATE"

    @property
    def operation(self) -> str:
        """Its name in the API reference."""
        return {"SDP_OFFER": "SendSdpOffer", "SDP_ANSWER": "SendSdpAnswer"}.get(self, "SendIceCandidate")


class Sent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message of a client; the payload is base64."""

    action: Action
    message_payload: str
    recipient_client_id: str = ""
    correlation_id: str = ""


def correlation_id_of(text: str) -> str:
    """The correlation id of a message, good or bad; empty when there is none to be read."""
    try:
        document = json.loads(text)
    except ValueError:
        return ""
    stated = document.get("correlationId") if isinstance(document, dict) else None
    return stated if isinstance(stated, str) and _CORRELATION_ID.fullmatch(stated) else ""


def read_message(text: str) -> Sent:
    """The message, checked; raises `InvalidArgumentException`."""
    try:
        sent = msgspec.json.decode(text, type=Sent)
        base64.b64decode(sent.message_payload, validate=True)
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise invalid_argument(f"The message cannot be read: {error}") from error
    if not 0 < len(sent.message_payload) <= PAYLOAD_LIMIT_CHARACTERS:
        raise invalid_argument(f"messagePayload has from 1 to {PAYLOAD_LIMIT_CHARACTERS} characters.")
    if sent.recipient_client_id and not NAME.fullmatch(sent.recipient_client_id):
        raise invalid_argument("recipientClientId has a form that is not allowed.")
    return sent


def event(message_type: str, payload: str, *, sender_client_id: str = "") -> str:
    """A message as its receiver gets it; only what viewers send names its sender."""
    document = {"messageType": message_type, "messagePayload": payload}
    return json.dumps(document | ({"senderClientId": sender_client_id} if sender_client_id else {}))


def status_response(correlation_id: str, fault: KvsFault) -> str:
    """What a sender is told of a message that was refused."""
    status = {
        "correlationId": correlation_id,
        "errorType": fault.code,
        "statusCode": str(int(fault.status)),
        "description": fault.message,
    }
    return json.dumps({"messageType": "STATUS_RESPONSE", "messagePayload": "", "statusResponse": status})
