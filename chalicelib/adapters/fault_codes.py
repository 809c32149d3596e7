"""What DynamoDB said of a call that failed, if it said anything."""

from enum import Enum, auto

from pynamodb.exceptions import PynamoDBException, TransactWriteError


class Lost(Enum):
    """What was first where a transaction was to write: what is stored by now, or another transaction."""

    TO_WHAT_STANDS = auto()
    TO_A_TRANSACTION = auto()


def code_of(fault: PynamoDBException) -> str | None:
    """The service's own code, or None where no answer came.

    PynamoDB's `cause_response_code` raises AttributeError where the connection failed: botocore's faults of
    that kind have a `response`, and it is None. A time-out would so become a fault that nobody waits for.
    """
    response = getattr(fault.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code


def only_conditions(fault: PynamoDBException) -> None:
    """Pass when the write's condition did not hold; raise any other fault again."""
    if code_of(fault) != "ConditionalCheckFailedException":
        raise fault


def lost_race(fault: TransactWriteError) -> Lost:
    """To whom a transaction lost a race; raise any other fault again.

    One that met another transaction says nothing of its conditions: they hold or not when it is tried again.
    """
    if code_of(fault) == "TransactionInProgressException":
        return Lost.TO_A_TRANSACTION
    codes = {reason.code for reason in fault.cancellation_reasons if reason}
    if not codes or not codes <= {"ConditionalCheckFailed", "TransactionConflict"}:
        raise fault
    return Lost.TO_A_TRANSACTION if "TransactionConflict" in codes else Lost.TO_WHAT_STANDS
