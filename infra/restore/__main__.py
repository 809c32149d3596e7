"""`python -m infra.restore --stage STAGE`: what `make restore-drill` runs."""

import argparse
import sys
from pathlib import Path

import boto3

from infra.deploy.stage import ROOT, DeployRefused
from infra.restore.copies import ASK_EVERY_SECONDS, NEEDED, Copies, Purpose
from infra.restore.drill import Asked, Drill
from infra.restore.live import moment, read_live


def main(arguments: list[str]) -> int:
    """Run one drill and say each step as it is done; 1 when it was refused or found a fault."""
    asked = _parser().parse_args(arguments)
    try:
        drill = _drill(asked)
        for line in drill.plan() if asked.dry_run else drill.run(asked.reports):
            print(line, flush=True)
    except DeployRefused as refusal:
        print(f"instant110: {refusal}", file=sys.stderr)
        return 1
    return 1 if drill.faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="infra.restore")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--at", type=moment, help="the moment, in UTC: 2026-11-23T02:40:00")
    parser.add_argument("--incidents", type=int, default=10, help="how many are looked at")
    parser.add_argument("--incident", action="append", default=[], help="look at this one, and no others")
    parser.add_argument("--keep", action="store_true", help="copies to be put into service, never deleted")
    parser.add_argument("--fresh", action="store_true", help="delete what a drill left and begin anew")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--every", type=int, default=ASK_EVERY_SECONDS, help="seconds between looks")
    parser.add_argument("--stages", type=Path, default=ROOT / "infra" / "stages", help="the stages' folder")
    parser.add_argument("--reports", type=Path, default=ROOT / "build", help="where the report is written")
    return parser


def _drill(asked: argparse.Namespace) -> Drill:
    """The drill, with this process set up to read the stage's live tables."""
    where = read_live(asked.stage, asked.stages)
    live = {output: where.outputs[output] for output in NEEDED}
    tables = boto3.client("dynamodb")
    purpose = Purpose.RESTORED if asked.keep else Purpose.DRILL
    copies = Copies(live, tables, purpose=purpose, ask_every_seconds=asked.every)
    what = Asked(
        stage=asked.stage,
        at=asked.at,
        incidents=asked.incidents,
        only=tuple(asked.incident),
        fresh=asked.fresh,
    )
    return Drill(what, live, copies, tables)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
