"""The package for those who deploy by CloudFormation: the zip, and a template with what Chalice leaves out.

Needs the stack of `infra/resources.yaml`, whose outputs are written into both. What a template cannot hold is
left to do: the lines (`infra/provision_lines.py`) and the stack that watches.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.deploy.settle import REFUSALS, gateway_response, mapping_settings


def complete_file(path: Path, *, dead_letters_arn: str, requests_per_second: int, burst: int) -> None:
    """Put into Chalice's template retries, the gateway's own answers as problems, and limits."""
    template = json.loads(path.read_text("utf-8"))
    resources = template["Resources"]
    for function in [one for one in resources.values() if one["Type"] == "AWS::Serverless::Function"]:
        properties = function["Properties"]
        for event in properties.get("Events", {}).values():
            _complete_event(event, properties, dead_letters_arn)
    limits = {"ThrottlingRateLimit": requests_per_second, "ThrottlingBurstLimit": burst}
    api = resources["RestAPI"]["Properties"]
    api["MethodSettings"] = [{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": True, **limits}]
    # Part of the definition itself, so that no stage is deployed before it holds them.
    answers = {kind: gateway_response(kind) for kind in REFUSALS}
    api["DefinitionBody"]["x-amazon-apigateway-gateway-responses"] = answers
    path.write_text(json.dumps(template, indent=2))


def _complete_event(event: dict[str, Any], function: Mapping[str, Any], dead_letters_arn: str) -> None:
    kinds = {"DynamoDB": "dynamodb", "SQS": "sqs"}
    if event["Type"] in kinds:
        # SAM adds nothing to a role that is there already; the reviewed policy lets it write to the queue.
        event["Properties"] |= mapping_settings(
            kinds[event["Type"]],
            dead_letters_arn=dead_letters_arn,
            reserved=function.get("ReservedConcurrentExecutions"),
        )
