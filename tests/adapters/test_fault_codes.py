"""What DynamoDB said of a call that failed, and of one that it never answered."""

import pytest
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.models import Model

from chalicelib.adapters.fault_codes import code_of
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


def test_a_condition_that_did_not_hold_is_called_so(inside: Machine) -> None:
    item = DeskItem(kind=f"fault-codes#{someone()}", id="-")
    item.save()
    with pytest.raises(PutError) as raised:
        item.save(condition=DeskItem.kind.does_not_exist())
    assert code_of(raised.value) == "ConditionalCheckFailedException"
