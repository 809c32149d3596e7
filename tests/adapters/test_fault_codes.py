"""What DynamoDB said of a call that failed, and of one that it never answered."""

import pytest
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import CancellationReason, PutError, TransactWriteError, VerboseClientError
from pynamodb.models import Model

from chalicelib.adapters.fault_codes import Lost, code_of, lost_race, only_conditions
from chalicelib.adapters.tables import DeskItem
from tests.desk import someone
from tests.machine import Machine

pytestmark = pytest.mark.usefixtures("inside")


class Nowhere(Model):
    """A table where nobody listens."""

    class Meta:
        table_name = "nowhere"
        host = "http://127.0.0.1:9"
        connect_timeout_seconds = 0.2
        max_retry_attempts = 0

    id = UnicodeAttribute(hash_key=True)


def test_a_call_that_nobody_answered_has_no_code(inside: Machine) -> None:
    with pytest.raises(PutError) as raised:
        Nowhere("a").save()
    assert code_of(raised.value) is None
    with pytest.raises(PutError):
        only_conditions(raised.value)


def test_a_condition_that_did_not_hold_is_called_so(inside: Machine) -> None:
    item = DeskItem(kind=f"fault-codes#{someone()}", id="-")
    item.save()
    with pytest.raises(PutError) as raised:
        item.save(condition=DeskItem.kind.does_not_exist())
    assert code_of(raised.value) == "ConditionalCheckFailedException"
    only_conditions(raised.value)


def refused(code: str, *reasons: str | None) -> TransactWriteError:
    """A transaction as the service refuses it, with the reason of each of its items."""
    why = [CancellationReason(code=reason) if reason else None for reason in reasons]
    answer = {"Error": {"Code": code, "Message": ""}}
    cause = VerboseClientError(answer, "TransactWriteItems", cancellation_reasons=why)
    return TransactWriteError("", cause)


CANCELED = "TransactionCanceledException"
CONDITION, CONFLICT = "ConditionalCheckFailed", "TransactionConflict"


@pytest.mark.parametrize(
    ("fault", "lost"),
    [
        (refused(CANCELED, None, CONDITION), Lost.TO_WHAT_STANDS),
        (refused(CANCELED, CONFLICT, None), Lost.TO_A_TRANSACTION),
        (refused(CANCELED, CONDITION, CONFLICT), Lost.TO_A_TRANSACTION),
        (refused("TransactionInProgressException"), Lost.TO_A_TRANSACTION),
    ],
)
def test_a_transaction_that_lost_a_race_lost_it_to_what_stands_or_to_another(
    fault: TransactWriteError, lost: Lost
) -> None:
    assert lost_race(fault) is lost


@pytest.mark.parametrize(
    "fault",
    [
        refused(CANCELED, CONDITION, "ThrottlingError"),
        refused(CANCELED),
        refused("ProvisionedThroughputExceededException"),
    ],
)
def test_a_transaction_that_failed_otherwise_lost_no_race(fault: TransactWriteError) -> None:
    with pytest.raises(TransactWriteError):
        lost_race(fault)
