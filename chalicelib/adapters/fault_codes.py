"""What DynamoDB said of a call that failed, if it said anything."""

from pynamodb.exceptions import PynamoDBException, TransactWriteError


def code_of(fault: PynamoDBException) -> str | None:
    """The service's own code, or None where no answer came.

    PynamoDB's `cause_response_code` raises AttributeError where the connection failed: botocore's faults of
    that kind have a `response`, and it is None. A time-out would so become a fault that nobody waits for.
    """
    response = getattr(fault.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code


def only_conflicts(fault: TransactWriteError) -> None:
    """Pass when the transaction lost a race or met what stands already; raise any other fault again."""
    codes = {reason.code for reason in fault.cancellation_reasons if reason}
    races = {"ConditionalCheckFailed", "TransactionConflict"}
    if code_of(fault) == "TransactionInProgressException" or (codes and codes <= races):
        return
    raise fault
