"""Texts by SNS, straight to a number. Accepted by SNS is not delivered to the telephone."""

from chalicelib.adapters.aws import client


class TextRefused(Exception):
    """SNS did not take the text; `code` is the service's own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def send(phone: str, text: str) -> str:
    """Send a text to an E.164 number; SNS's message id. Raises `TextRefused` for an answer that is final."""
    sns = client("sns")
    try:
        answer = sns.publish(
            PhoneNumber=phone,
            Message=text,
            MessageAttributes={"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}},
        )
    except sns.exceptions.ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code in {"InvalidParameter", "InvalidParameterValue", "OptedOut", "AuthorizationError"}:
            raise TextRefused(code) from fault
        raise
    message_id: str = answer["MessageId"]
    return message_id
