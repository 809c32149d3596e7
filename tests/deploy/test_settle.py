"""What Chalice cannot set, as it is asked of AWS."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from infra.deploy import busy
from infra.deploy.settle import Made, gateway_response, mapping_settings, settle_mappings
from infra.deploy.stage import DeployRefused
from tests.deploy.samples import ACCOUNT, OUTPUTS, REGION

FUNCTION, UUID = "instant110-check-timer_due", "11011011-0110-0110-0110-110110110110"
MADE = Made(functions={}, api_id="abc", mappings={FUNCTION: UUID})
DEAD_LETTERS = OUTPUTS["STREAM_DEAD_LETTERS_ARN"]


class Lambda:
    """Lambda, which answers by its model as said here; `pauses` is for how long it was left alone."""

    def __init__(self) -> None:
        keys = {"region_name": REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.client: Any = boto3.client("lambda", **keys)  # type: ignore[call-overload]
        self._stub = Stubber(self.client)
        self._stub.activate()
        self.pauses: list[float] = []
        source = f"arn:aws:sqs:{REGION}:{ACCOUNT}:timers"
        named = {"FunctionName": FUNCTION}
        self._stub.add_response("get_event_source_mapping", {"EventSourceArn": source}, {"UUID": UUID})
        self._stub.add_response("get_function_concurrency", {"ReservedConcurrentExecutions": 20}, named)

    def refuses(self, code: str, times: int = 1) -> None:
        for _ in range(times):
            self._stub.add_client_error("update_event_source_mapping", code)

    def takes(self) -> None:
        wanted = mapping_settings("sqs", dead_letters_arn=DEAD_LETTERS, reserved=20)
        self._stub.add_response("update_event_source_mapping", {"UUID": UUID}, {"UUID": UUID, **wanted})

    def settle(self) -> None:
        settle_mappings(MADE, dead_letters_arn=DEAD_LETTERS, functions=self.client, pause=self.pauses.append)
        self._stub.assert_no_pending_responses()


def test_a_source_that_chalice_has_just_made_is_set_once_lambda_takes_it() -> None:
    functions = Lambda()
    functions.refuses("ResourceInUseException", times=3)
    functions.refuses("ResourceConflictException")
    functions.takes()
    functions.settle()
    assert functions.pauses == [busy.PAUSE_SECONDS] * 4


def test_one_that_lambda_takes_at_once_is_not_waited_for() -> None:
    functions = Lambda()
    functions.takes()
    functions.settle()
    assert functions.pauses == []


def test_one_that_stays_busy_ends_the_deploy_with_its_name_and_what_to_do() -> None:
    functions = Lambda()
    functions.refuses("ResourceInUseException", times=busy.TRIES)
    with pytest.raises(DeployRefused, match=rf"{FUNCTION}.*after 120 s \(ResourceInUseException\).*again"):
        functions.settle()


def test_another_fault_is_lambdas_own() -> None:
    functions = Lambda()
    functions.refuses("InvalidParameterValueException")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        functions.settle()
    assert functions.pauses == []


def test_what_the_firewall_blocks_is_to_be_tried_again_and_no_final_refusal() -> None:
    answer = gateway_response("WAF_FILTERED")
    assert answer["statusCode"] == "429"
    document = json.loads(answer["responseTemplates"]["application/json"])
    assert (document["type"], document["status"]) == ("throttled", 429)
    assert int(answer["responseParameters"]["gatewayresponse.header.Retry-After"].strip("'")) > 0


def test_another_refusal_names_no_time_to_come_again() -> None:
    assert "gatewayresponse.header.Retry-After" not in gateway_response("ACCESS_DENIED")["responseParameters"]
