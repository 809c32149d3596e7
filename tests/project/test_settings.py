"""The stack's outputs, the settings and the local environment name the same things."""

import re

import pytest

from chalicelib.settings import Settings
from infra.local.environment import app_environment
from infra.local.stack import upper_snake
from tests.project.conftest import ROOT

NOT_READ = {
    "DEPLOY_BUCKET": "read by the deploy alone (infra/deploy)",
    "STORED_OBJECTS_DEAD_LETTERS": "watched by an alarm, read by `make replay`",
    "TIMERS_DEAD_LETTERS": "watched by an alarm, read by `make replay`",
    "STREAM_DEAD_LETTERS": "watched by an alarm, read by `make replay`",
    "STREAM_DEAD_LETTERS_ARN": "the deploy gives it to the stream's mapping",
    "STORED_OBJECTS_QUEUE": "Chalice is told the queue by its ARN; people look it up by name",
    "TIMERS_QUEUE": "Chalice is told the queue by its ARN; people look it up by name",
}
"""Outputs that no setting reads, and why they are put out all the same."""

MAY_BE_EMPTY = {
    "WECHAT_VERIFICATION": "only a deployment has a domain for WeChat to verify",
    "TILES_URL": "the map draws the outline without tiles",
    "TILES_ATTRIBUTION": "goes with the tiles",
    "STORAGE_ORIGIN": "on AWS the store is where AWS has it",
    "SIGNALING_ORIGIN": "on AWS signaling is where AWS has it",
}
"""Settings whose empty default is a good one, and why."""

OF_OTHERS = re.compile(r"AWS_|POWERTOOLS_")
FIELDS = {name.upper() for name in Settings.__struct_fields__}


def outputs() -> set[str]:
    template = (ROOT / "infra" / "resources.yaml").read_text("utf-8")
    _, _, section = template.partition("\nOutputs:\n")
    return {upper_snake(name) for name in re.findall(r"^  (\w+):", section, re.MULTILINE)}


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the local machine sets of its own."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    named = app_environment({}, root=ROOT, url="", wechat_endpoint="", wechat_app_id="", kvs_endpoint="")
    return {name for name in named if not OF_OTHERS.match(name)}


def test_every_output_of_the_stack_has_a_setting_or_a_stated_reason() -> None:
    assert outputs() - FIELDS == set(NOT_READ)


def test_every_setting_without_a_useful_default_comes_from_the_stack_or_the_machine(local: set[str]) -> None:
    empty = {
        name.upper()
        for name, value in zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True)
        if isinstance(value, str) and (not value or "unset" in value)
    }
    assert empty - set(MAY_BE_EMPTY) <= outputs() | local


def test_the_local_environment_names_nothing_that_no_setting_reads(local: set[str]) -> None:
    assert local <= FIELDS


def test_every_queue_the_code_sends_to_is_put_out_with_its_address() -> None:
    assert {"TIMERS_QUEUE_URL", "SET_ASIDE_QUEUE_URL"} <= outputs()
