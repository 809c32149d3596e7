"""What Chalice cannot set: how sources retry, what API Gateway says by itself, and how much it lets through.

Safe to repeat, and needed after each `chalice deploy`, which knows nothing of it.
"""

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

import boto3
import msgspec

from chalicelib.routes.headers import EVERYWHERE
from infra.deploy.busy import once_free
from infra.deploy.stage import Stage

STREAM_AGE_SECONDS = 23 * 3600
"""A stream keeps its records for a day: what could not be handled by then must still be there to be read."""

RETRIES_WITHOUT_END = -1

STREAM_READERS = 4


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What Chalice made, by its own memory (`deployed/<stage>.json`)."""

    functions: dict[str, str]
    api_id: str
    mappings: dict[str, str]

    @classmethod
    def of(cls, deployed: Mapping[str, Any]) -> "Made":
        """Functions' ARNs by name, the API, and the functions' mappings by the function's name."""
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for resource in deployed["resources"]:
            by_kind.setdefault(resource["resource_type"], []).append(resource)
        events = [one for kind in ("dynamodb_event", "sqs_event") for one in by_kind.get(kind, [])]
        return cls(
            functions={one["name"]: one["lambda_arn"] for one in by_kind["lambda_function"]},
            api_id=by_kind["rest_api"][0]["rest_api_id"],
            mappings={one["lambda_arn"].rpartition(":")[2]: one["event_uuid"] for one in events},
        )


def mapping_settings(source: str, *, dead_letters_arn: str, reserved: int | None) -> dict[str, Any]:
    """What a source's mapping is set to, by the kind of source (Lambda: event source mappings).

    A stream is tried for a day without end, in halves, so that one bad record holds up nothing but itself;
    then its place goes to the dead letters. Up to `STREAM_READERS` incidents of a shard are followed at once,
    each in its order, so that a storm does not make everybody wait. A queue has its own dead letters, and is
    read by no more than may run at once: throttled messages would spend their tries.
    """
    by_item = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
    if source == "dynamodb":
        return {
            **by_item,
            "MaximumRetryAttempts": RETRIES_WITHOUT_END,
            "MaximumRecordAgeInSeconds": STREAM_AGE_SECONDS,
            "BisectBatchOnFunctionError": True,
            "ParallelizationFactor": min(STREAM_READERS, reserved or STREAM_READERS),
            "DestinationConfig": {"OnFailure": {"Destination": dead_letters_arn}},
        }
    return {**by_item, "ScalingConfig": {"MaximumConcurrency": max(2, reserved or 2)}}


def settle_mappings(
    made: Made,
    *,
    dead_letters_arn: str,
    functions: Any = None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Set every source's retries, partial answers, dead letters and concurrency.

    Chalice has just made or changed each, and until Lambda is done with that it takes no other change.
    """
    functions = functions or boto3.client("lambda")
    for name, uuid in made.mappings.items():
        source = functions.get_event_source_mapping(UUID=uuid)["EventSourceArn"].split(":")[2]
        concurrency = functions.get_function_concurrency(FunctionName=name)
        settings = mapping_settings(
            source,
            dead_letters_arn=dead_letters_arn,
            reserved=concurrency.get("ReservedConcurrentExecutions"),
        )
        change = partial(functions.update_event_source_mapping, UUID=uuid, **settings)
        once_free(f"the source of {name}", change, pause=pause)


REFUSALS: Mapping[str, tuple[HTTPStatus | None, str, str]] = {
    "UNAUTHORIZED": (HTTPStatus.UNAUTHORIZED, "unauthorized", "Sign in first"),
    "EXPIRED_TOKEN": (HTTPStatus.UNAUTHORIZED, "unauthorized", "Sign in first"),
    "ACCESS_DENIED": (HTTPStatus.FORBIDDEN, "forbidden", "Not allowed"),
    "INVALID_SIGNATURE": (HTTPStatus.FORBIDDEN, "forbidden", "Not allowed"),
    # API Gateway's word for a path or method that nobody serves.
    "MISSING_AUTHENTICATION_TOKEN": (HTTPStatus.NOT_FOUND, "route-not-found", "No such address here"),
    "RESOURCE_NOT_FOUND": (HTTPStatus.NOT_FOUND, "route-not-found", "No such address here"),
    "REQUEST_TOO_LARGE": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "The body is too large"),
    "UNSUPPORTED_MEDIA_TYPE": (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "Unsupported Media Type",
    ),
    "THROTTLED": (HTTPStatus.TOO_MANY_REQUESTS, "throttled", "Too many requests at once; try again"),
    # The firewall blocks nothing but what one address asks too often, which passes; a page gives up at a 403.
    "WAF_FILTERED": (HTTPStatus.TOO_MANY_REQUESTS, "throttled", "Too many requests at once; try again"),
    "QUOTA_EXCEEDED": (HTTPStatus.TOO_MANY_REQUESTS, "throttled", "Too many requests at once; try again"),
    "INTEGRATION_TIMEOUT": (HTTPStatus.GATEWAY_TIMEOUT, "timeout", "It took too long; try again"),
    "INTEGRATION_FAILURE": (HTTPStatus.BAD_GATEWAY, "unavailable", "Not to be reached; try again"),
    "AUTHORIZER_FAILURE": (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "Not to be reached; try again"),
    "AUTHORIZER_CONFIGURATION_ERROR": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "Not to be reached; try again",
    ),
    "DEFAULT_4XX": (None, "request-refused", "The request was refused"),
    "DEFAULT_5XX": (None, "unavailable", "Not to be reached; try again"),
}
"""What API Gateway says by itself: its kind of answer, our status (None: its own), slug and title."""

RETRY_AFTER_SECONDS: Mapping[str, int] = {"WAF_FILTERED": 10}
"""The firewall counts an address anew every few seconds."""


def gateway_response(kind: str) -> dict[str, Any]:
    """One of API Gateway's own answers as a problem document (RFC 9457)."""
    status, slug, title = REFUSALS[kind]
    shown = str(int(status)) if status else "$context.status"
    headers = {**EVERYWHERE, **_come_again(kind)}
    document = json.dumps({"type": slug, "title": title, "status": "@"}).replace('"@"', shown)
    return {
        **({"statusCode": shown} if status else {}),
        "responseParameters": {
            "gatewayresponse.header.Content-Type": "'application/problem+json'",
            "gatewayresponse.header.Cache-Control": "'no-store'",
            **{f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()},
        },
        "responseTemplates": {"application/json": document},
    }


def _come_again(kind: str) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS[kind])} if kind in RETRY_AFTER_SECONDS else {}


def settle_gateway(made: Made, stage: Stage, *, api_stage: str) -> None:
    """Give its own answers our form, deploy them, and set what it lets through."""
    gateway: Any = boto3.client("apigateway")
    for kind in REFUSALS:
        gateway.put_gateway_response(restApiId=made.api_id, responseType=kind, **gateway_response(kind))
    gateway.create_deployment(restApiId=made.api_id, stageName=api_stage)
    limits = {
        "/*/*/throttling/rateLimit": stage.requests_per_second,
        "/*/*/throttling/burstLimit": stage.burst,
        "/*/*/metrics/enabled": "true",
    }
    gateway.update_stage(
        restApiId=made.api_id,
        stageName=api_stage,
        patchOperations=[
            {"op": "replace", "path": path, "value": str(value)} for path, value in limits.items()
        ],
    )


def settle_logs(made: Made, *, days: int) -> None:
    """Have a log for every function, kept for so long; Chalice's own setting breaks what it packages."""
    logs: Any = boto3.client("logs")
    for arn in made.functions.values():
        group = f"/aws/lambda/{arn.rpartition(':')[2]}"
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
            logs.create_log_group(logGroupName=group)
        logs.put_retention_policy(logGroupName=group, retentionInDays=days)


def put_firewall_before(made: Made, firewall_arn: str, *, api_stage: str) -> None:
    """Have the firewall look at every request of the API's stage; again after a stage was made anew."""
    firewalls: Any = boto3.client("wafv2")
    region = firewalls.meta.region_name
    api = f"arn:aws:apigateway:{region}::/restapis/{made.api_id}/stages/{api_stage}"
    firewalls.associate_web_acl(WebACLArn=firewall_arn, ResourceArn=api)


def tell_address(made: Made, public_url: str) -> None:
    """Tell every function under which address people know the service: texts hold it."""
    functions: Any = boto3.client("lambda")
    for arn in made.functions.values():
        environment = functions.get_function_configuration(FunctionName=arn)["Environment"]["Variables"]
        if environment.get("PUBLIC_URL") != public_url:
            functions.update_function_configuration(
                FunctionName=arn, Environment={"Variables": {**environment, "PUBLIC_URL": public_url}}
            )
