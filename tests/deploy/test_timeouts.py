"""Who texts lives to hear what became of the text: SNS's time beside that of functions, queue and record."""

import re
from typing import Any

import pytest

from chalicelib.adapters import aws
from chalicelib.domain.alerting import LAPSES_AFTER
from chalicelib.triggers.timers import BEGINS_WITHIN_SECONDS
from infra.deploy.build import reviewed_config
from infra.deploy.policies import grants, policy_file
from tests.deploy.samples import REGION
from tests.faults.deliveries import AGAIN_AFTER
from tests.machine import ROOT

BETWEEN_SECONDS = 1 + 5
"""What botocore waits at most before a second try: a second, and five more where the service asks for it."""

FOR_THE_REST_SECONDS = 5
"""What reading, reserving and settling take at most, when the tables are slow."""


def timeouts() -> dict[str, int]:
    """For how many seconds each function may run."""
    configured = reviewed_config()["lambda_functions"]
    return {name: one["lambda_timeout"] for name, one in configured.items()}


def texting() -> set[str]:
    """The functions that may text, by their policies."""
    given = {name: policy_file(ROOT / ".chalice", name).read_text("utf-8") for name in timeouts()}
    return {name for name, text in given.items() if any(one.action == "sns:Publish" for one in grants(text))}


@pytest.fixture
def sns_seconds(monkeypatch: pytest.MonkeyPatch) -> float:
    """How long one text can take, by the configuration of the client that sends it."""
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.setenv(name, REGION)
    aws._session.cache_clear()
    config: Any = aws._made("sns").meta.config
    aws._session.cache_clear()
    tries: int = config.retries["total_max_attempts"]
    each: float = config.connect_timeout + config.read_timeout
    return tries * each + (tries - 1) * BETWEEN_SECONDS


def test_a_function_that_texts_outlives_the_longest_text(sns_seconds: float) -> None:
    assert texting() == {"timer_due", "sweep"}
    for name in texting():
        assert timeouts()[name] > sns_seconds + FOR_THE_REST_SECONDS, name


def test_the_sweep_ends_in_its_time_when_the_last_text_hangs(sns_seconds: float) -> None:
    last = max(BEGINS_WITHIN_SECONDS.values())
    assert timeouts()["sweep"] > last + sns_seconds + FOR_THE_REST_SECONDS
    assert timeouts()["sweep"] < 60


def test_no_text_is_taken_for_lost_while_its_sender_may_still_hear_of_it(sns_seconds: float) -> None:
    lapses = LAPSES_AFTER.total_seconds()
    assert lapses > timeouts()["timer_due"]
    assert lapses > BEGINS_WITHIN_SECONDS["alerts"] + sns_seconds + FOR_THE_REST_SECONDS


def test_the_timers_queue_hides_a_message_for_six_times_its_functions_life() -> None:
    template = (ROOT / "infra" / "resources.yaml").read_text("utf-8")
    found = re.search(r"\n  TimersQueue:\n(?:    .*\n)*?      VisibilityTimeout: (\d+)\n", template)
    assert found is not None
    assert int(found[1]) >= 6 * timeouts()["timer_due"]
    assert int(found[1]) == AGAIN_AFTER.total_seconds()
