"""After restored tables went into service: the feed is held to them, and what only it knows is named.

The feed was not restored, so its cards may be ahead of the incidents, and a card gives way to none of a lower
version. `python -m infra.restore.feed --stage STAGE --since MOMENT`, once; safe to repeat.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from chalicelib.adapters import incidents
from chalicelib.adapters.feed import EVERYTHING, PAGE
from chalicelib.adapters.tables import Changes, FeedItem
from chalicelib.domain.card import Card
from chalicelib.domain.refusals import IncidentNotFound
from chalicelib.workflows.publish_change import publish_change
from infra.deploy.stage import ROOT, DeployRefused
from infra.restore.live import moment, read_live


def hold_to_incidents(since: datetime) -> Iterator[str]:
    """Put each card that changed after `since` and is ahead of its incident back to it; says each.

    A card whose incident is not there is left: it is all that is known of that report.
    """
    beyond = Changes.changed_at > since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    items = list(FeedItem.changes.query(EVERYTHING, beyond, page_size=PAGE))
    for card in (msgspec.json.decode(item.body, type=Card) for item in items):
        try:
            incident = incidents.get(card.id)
        except IncidentNotFound:
            filed = f"{card.created_at:%F %T} UTC"
            yield f"LOST {card.id}, number {card.number}, filed {filed}: only its card is left"
            continue
        if card.version > incident.version:
            FeedItem(card.id).delete()
            publish_change(incident, now=datetime.now(UTC))
            yield f"{card.id}: version {card.version} was lost; its card is of {incident.version} again"


def main(arguments: list[str]) -> int:
    """Do it for a stage; 1 when it was refused."""
    parser = argparse.ArgumentParser(prog="infra.restore.feed")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--since", required=True, type=moment, help="the moment of the copies, in UTC")
    parser.add_argument("--stages", type=Path, default=ROOT / "infra" / "stages", help="the stages' folder")
    asked = parser.parse_args(arguments)
    try:
        read_live(asked.stage, asked.stages)
    except DeployRefused as refusal:
        print(f"instant110: {refusal}", file=sys.stderr)
        return 1
    for line in hold_to_incidents(asked.since):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
