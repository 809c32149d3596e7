"""A CloudFormation stack by change sets: what would change is known, and may be refused, before it does."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
import msgspec
from botocore.exceptions import ClientError, WaiterError

from infra.deploy.stage import DeployRefused

KEEPERS = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"}
"""What holds records: never replaced or removed by a deploy."""

NAME_LIMIT_BYTES = 51_200
"""The longest template that goes in the request itself (CloudFormation quotas)."""


PATIENCE = {"Delay": 2, "MaxAttempts": 900}
"""Half an hour; seconds between looks."""


class StackChange(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a change set."""

    action: str
    name: str
    kind: str
    replaces: bool

    def __str__(self) -> str:
        return f"{self.action:<7} {self.kind:<32} {self.name}{'  (made anew)' if self.replaces else ''}"


class Stack:
    """One stack by its name; `apply` may be repeated and goes on where it was left."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._client: Any = boto3.client("cloudformation")
        self._change_set = f"instant110-{datetime.now(UTC):%Y%m%dT%H%M%S}"

    def outputs(self) -> dict[str, str]:
        """The stack's outputs; none when it is not there."""
        described = self._described()
        found = described.get("Outputs", []) if described else []
        return {output["OutputKey"]: output["OutputValue"] for output in found}

    def apply(
        self, template: str, parameters: Mapping[str, str], *, only_look: bool = False
    ) -> list[StackChange]:
        """Change the stack into what the template says; with `only_look` only tell what would change.

        Raises `DeployRefused` when that would take a table, bucket or pool away.
        """
        if len(template.encode()) > NAME_LIMIT_BYTES:
            raise DeployRefused(f"the template of {self.name} is over {NAME_LIMIT_BYTES} bytes")
        changes = self._propose(template, parameters)
        lost = [one for one in changes if one.kind in KEEPERS and (one.replaces or one.action == "Remove")]
        if only_look or lost or not changes:
            self._forget()
        else:
            self._execute()
        if lost:
            raise DeployRefused("this would take records away:\n" + "\n".join(map(str, lost)))
        return changes

    def delete(self) -> None:
        """Remove the stack; what its template retains stays."""
        if self._described() is not None:
            self._client.delete_stack(StackName=self.name)
            self._client.get_waiter("stack_delete_complete").wait(StackName=self.name, WaiterConfig=PATIENCE)

    def _propose(self, template: str, parameters: Mapping[str, str]) -> list[StackChange]:
        described = self._described()
        fresh = described is None or described["StackStatus"] == "REVIEW_IN_PROGRESS"
        self._client.create_change_set(
            StackName=self.name,
            ChangeSetName=self._change_set,
            ChangeSetType="CREATE" if fresh else "UPDATE",
            TemplateBody=template,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        named = {"StackName": self.name, "ChangeSetName": self._change_set}
        try:
            self._client.get_waiter("change_set_create_complete").wait(**named, WaiterConfig=PATIENCE)
        except WaiterError:
            reason = self._client.describe_change_set(**named).get("StatusReason", "")
            if "didn't contain changes" not in reason and "No updates" not in reason:
                self._forget()
                raise DeployRefused(f"{self.name}: {reason}") from None
            return []
        pages = self._client.get_paginator("describe_change_set").paginate(**named)
        return [_change(one["ResourceChange"]) for page in pages for one in page["Changes"]]

    def _execute(self) -> None:
        described = self._described()
        fresh = described is None or described["StackStatus"] == "REVIEW_IN_PROGRESS"
        self._client.execute_change_set(StackName=self.name, ChangeSetName=self._change_set)
        done = "stack_create_complete" if fresh else "stack_update_complete"
        self._client.get_waiter(done).wait(StackName=self.name, WaiterConfig=PATIENCE)

    def _forget(self) -> None:
        """Drop the change set, and the empty stack that a first one leaves behind."""
        self._client.delete_change_set(StackName=self.name, ChangeSetName=self._change_set)
        described = self._described()
        if described and described["StackStatus"] == "REVIEW_IN_PROGRESS":
            self.delete()

    def _described(self) -> dict[str, Any] | None:
        try:
            stack: dict[str, Any] = self._client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as fault:
            if "does not exist" in str(fault):
                return None
            raise
        return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack


def _change(change: dict[str, Any]) -> StackChange:
    return StackChange(
        action=change["Action"],
        name=change["LogicalResourceId"],
        kind=change["ResourceType"],
        replaces=change.get("Replacement") in ("True", "Conditional"),
    )
