"""A stack that was never made: outputs in the shape they have, for builds that are only looked at."""

import re

from infra.local.stack import upper_snake
from tests.machine import ROOT

REGION = "ap-southeast-1"
ACCOUNT = "000000000000"
STREAM_ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/incidents/stream/2026-01-01T00:00:00.000"
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_check0000"


def _value(output: str) -> str:
    name = upper_snake(output).lower().replace("_", "-")
    if output == "StaffPoolArn":
        return POOL_ARN
    if output.endswith("StreamArn"):
        return STREAM_ARN
    if output.endswith("Arn"):
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name.removesuffix('-arn')}"
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}" if output.endswith("Url") else name


def _outputs() -> list[str]:
    _, _, section = (ROOT / "infra" / "resources.yaml").read_text("utf-8").partition("\nOutputs:\n")
    return re.findall(r"^  (\w+):", section, re.MULTILINE)


OUTPUTS = {upper_snake(output): _value(output) for output in _outputs()}
