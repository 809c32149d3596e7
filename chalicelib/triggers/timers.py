"""Timers that came due, and the sweep each minute that finds what a lost one left behind."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec
from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.adapters.feed import open_cards
from chalicelib.adapters.timers import wake
from chalicelib.domain.card import Card
from chalicelib.domain.timers import Timer, TimerKind
from chalicelib.settings import settings
from chalicelib.telemetry import log, utc_now
from chalicelib.workflows.alert_commander import look_at_alerts, sweep_alerts
from chalicelib.workflows.count_incident import count_now
from chalicelib.workflows.measure_waiting import measure_waiting
from chalicelib.workflows.release_silent_owners import look_at_owner, sweep_owners
from chalicelib.workflows.ring_booked import ring_booked, sweep_booked
from chalicelib.workflows.sweep_lines import sweep_lines
from chalicelib.workflows.text_back import text_back
from chalicelib.workflows.text_officer import sweep_texts, text_officer
from chalicelib.workflows.transfer_incident import return_untaken, sweep_transfers
from chalicelib.workflows.write_digests import note_now, sweep_digests

timers = Blueprint(__name__)

HANDLERS: Mapping[TimerKind, Callable[..., None]] = {
    TimerKind.OWNER_SILENT: look_at_owner,
    TimerKind.BOOKED: ring_booked,
    TimerKind.TRANSFER_UNTAKEN: return_untaken,
    TimerKind.TEXT_OFFICER: text_officer,
    TimerKind.TEXT_BACK: text_back,
    TimerKind.ALERT: look_at_alerts,
    TimerKind.UNCOUNTED: count_now,
    TimerKind.UNNOTED: note_now,
}


@timers.on_sqs_message(queue_arn=settings().timers_queue_arn, batch_size=1)
def timer_due(event: SQSEvent) -> None:
    """Wake what each message is for; one that came early waits on."""
    for message in event:
        take_timer(msgspec.json.decode(message.body, type=Timer), now=utc_now())


def take_timer(timer: Timer, *, now: datetime) -> None:
    """Handle a timer that is due, or set it again for its time."""
    if timer.due_at > now:
        wake(timer, now=now)
    else:
        HANDLERS[timer.kind](timer, now=now)


SWEEPS: Mapping[str, Callable[..., int]] = {
    "waiting": measure_waiting,
    "lines": sweep_lines,
    "owners": sweep_owners,
    "booked": sweep_booked,
    "transfers": sweep_transfers,
    "alerts": sweep_alerts,
    "texts": sweep_texts,
    "digests": sweep_digests,
}
"""In this order: before texts, each of which may wait for SNS, comes what must not wait for it."""

OF_CARDS = frozenset({"waiting", "owners", "booked", "transfers", "alerts", "texts"})
"""These look at every open card; in a storm there are thousands, and all are read once."""

BEGINS_WITHIN_SECONDS: Mapping[str, float] = {"alerts": 15, "texts": 25}
"""How long after the sweep began these begin with another; what is left has the next minute.

The last one begun has the time that SNS may take, and what comes after it has its turn.
"""


@timers.schedule(Rate(1, Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Look once at everything a timer should have woken; a fault in one sweep stops no other."""
    began, now, faults = time.monotonic(), utc_now(), []
    cards = None
    try:
        cards = list(open_cards())
    except Exception as fault:
        log.error("sweep.failed", sweep="cards", fault=type(fault).__name__)
        faults.append(fault)
    for name, look in looks(cards, began=began).items():
        try:
            found = look(now=now)
        except Exception as fault:
            log.error("sweep.failed", sweep=name, fault=type(fault).__name__)
            faults.append(fault)
        else:
            if found:
                log.warning("sweep.found", sweep=name, count=found)
    if faults:
        raise faults[0]


def looks(cards: Sequence[Card] | None, *, began: float) -> Mapping[str, Callable[..., int]]:
    """What a sweep does, in order; without those of the cards where nobody could read these.

    `began` is when it did, by `time.monotonic`.
    """
    readable = {name: look for name, look in SWEEPS.items() if cards is not None or name not in OF_CARDS}
    return {name: _limited(name, _of_cards(name, look, cards), began) for name, look in readable.items()}


def _of_cards(name: str, look: Callable[..., int], cards: Sequence[Card] | None) -> Callable[..., int]:
    return partial(look, cards) if name in OF_CARDS else look


def _limited(name: str, look: Callable[..., int], began: float) -> Callable[..., int]:
    if name not in BEGINS_WITHIN_SECONDS:
        return look
    until = began + BEGINS_WITHIN_SECONDS[name]
    return partial(look, has_time=lambda: time.monotonic() < until)
