"""The published quotas, with a clock that stands still until it is moved."""

from dataclasses import dataclass

import pytest

from infra.local.kvs.faults import KvsFault
from infra.local.kvs.rates import CALLS_PER_SECOND_OF_RESOURCE, Rates


@dataclass
class _Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("operation", "calls"),
    [("GetIceServerConfig", 5), ("ConnectAsMaster", 3), ("ConnectAsViewer", 3), ("PutMedia", 5)],
)
def test_a_resource_takes_its_quota_in_a_second_and_no_more(operation: str, calls: int) -> None:
    clock = _Clock()
    rates = Rates(clock)
    for _ in range(calls):
        rates.take(operation, "line-1")
    clock.now += 0.99
    with pytest.raises(KvsFault, match="ClientLimitExceededException"):
        rates.take(operation, "line-1")
    clock.now += 0.02
    rates.take(operation, "line-1")


def test_resources_and_operations_are_counted_apart() -> None:
    rates = Rates(_Clock())
    for resource in ("line-1", "line-2"):
        for operation in CALLS_PER_SECOND_OF_RESOURCE:
            rates.take(operation, resource)


def test_an_account_is_counted_across_its_resources() -> None:
    rates = Rates(_Clock())
    for number in range(300):
        rates.take("GetSignalingChannelEndpoint", f"line-{number}")
    with pytest.raises(KvsFault, match="ClientLimitExceededException"):
        rates.take("GetSignalingChannelEndpoint", "line-300")


def test_a_refused_call_does_not_count() -> None:
    clock = _Clock()
    rates = Rates(clock)
    for _ in range(3):
        rates.take("ConnectAsViewer", "line-1")
    clock.now += 0.5
    with pytest.raises(KvsFault):
        rates.take("ConnectAsViewer", "line-1")
    clock.now += 0.5
    for _ in range(3):
        rates.take("ConnectAsViewer", "line-1")


def test_what_is_forgotten_starts_anew() -> None:
    rates = Rates(_Clock())
    for _ in range(2):
        for _ in range(5):
            rates.take("SDP_OFFER", "connection-1")
        rates.forget("connection-1")
