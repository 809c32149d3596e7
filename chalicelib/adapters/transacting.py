"""One transaction of DynamoDB, tried again where it met another one."""

import random
import time
from collections.abc import Callable

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.fault_codes import Lost, lost_race
from chalicelib.adapters.tables import transactions
from chalicelib.domain.refusals import IncidentChanged

FAILED = "ConditionalCheckFailed"
"""What stands for an item whose condition did not hold."""

TRIES = 12


def refusals(write: Callable[[TransactWrite], None]) -> list[str | None]:
    """Why a transaction was refused, item by item, its puts before its updates; nothing when it was done.

    Raises `IncidentChanged` where it met others a dozen times.
    """
    for attempt in range(TRIES):
        try:
            with TransactWrite(connection=transactions()) as transaction:
                write(transaction)
        except TransactWriteError as fault:
            if lost_race(fault) is Lost.TO_WHAT_STANDS:
                return [reason.code if reason else None for reason in fault.cancellation_reasons]
            time.sleep(random.uniform(0, 0.005 * 2 ** min(attempt, 5)))  # noqa: S311
        else:
            return []
    raise IncidentChanged("others write there at the same time; try again")
