"""Timers that came due, and the sweep each minute that finds what a lost one left behind."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import msgspec
from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.adapters.feed import open_cards
from chalicelib.adapters.timers import wake
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


SWEEPS_OF_CARDS: Mapping[str, Callable[..., int]] = {
    "owners": sweep_owners,
    "booked": sweep_booked,
    "transfers": sweep_transfers,
    "alerts": sweep_alerts,
    "texts": sweep_texts,
    "waiting": measure_waiting,
}
"""These look at every open card; in a storm there are thousands, and all are read once."""

SWEEPS: Mapping[str, Callable[..., int]] = {"lines": sweep_lines, "digests": sweep_digests}


@timers.schedule(Rate(1, Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Look once at everything a timer should have woken; a fault in one sweep stops no other."""
    now, faults, looks = utc_now(), [], dict(SWEEPS)
    try:
        cards = list(open_cards())
        looks = {name: partial(look, cards) for name, look in SWEEPS_OF_CARDS.items()} | looks
    except Exception as fault:
        log.error("sweep.failed", sweep="cards", fault=type(fault).__name__)
        faults.append(fault)
    for name, look in looks.items():
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
