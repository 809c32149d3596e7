"""Texts by SNS, straight to a number. Accepted by SNS is not delivered to the telephone."""

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import client


class TextRefused(Exception):
    """SNS did not take the text; `code` is the service's own word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TextUnavailable(Exception):
    """SNS cannot be reached, or asks to try later."""


FINAL = {"InvalidParameter", "InvalidParameterValue", "OptedOut", "AuthorizationError"}


def send(phone: str, text: str) -> str:
    """Send a text to an E.164 number; SNS's message id.

    Raises `TextRefused` for an answer that is final, `TextUnavailable` for any other fault of SNS: the text
    may then have gone out all the same.
    """
    sns = client("sns")
    try:
        answer = sns.publish(
            PhoneNumber=phone,
            Message=text,
            MessageAttributes={"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}},
        )
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        raise TextRefused(code) if code in FINAL else TextUnavailable(code) from fault
    except BotoCoreError as fault:
        raise TextUnavailable(type(fault).__name__) from fault
    message_id: str = answer["MessageId"]
    return message_id
