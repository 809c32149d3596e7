"""`python -m infra.deploy VERB --stage STAGE`: what `make` runs by the same verbs."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.deploy.stage import ROOT, DeployRefused, read_stage
from infra.deploy.steps import Deployment

VERBS = ("deploy", "package", "rollback", "teardown")


def main(arguments: list[str]) -> int:
    """Run one verb and say each step as it is done; the exit code is 1 when it was refused."""
    asked = _parser().parse_args(arguments)
    try:
        for line in _lines(asked):
            print(line, flush=True)
    except DeployRefused as refusal:
        print(f"instant110: {refusal}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="infra.deploy")
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--dry-run", action="store_true", help="only say what a deploy would do")
    parser.add_argument(
        "--rehearse", action="store_true", help="without libraries, and without asking what was deployed"
    )
    parser.add_argument("--stages", type=Path, default=ROOT / "infra" / "stages", help="the stages' folder")
    parser.add_argument("--release", help="to go back to; without it the one before the last")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "app", help="the folder to build in")
    parser.add_argument("--confirm", help="the stage's name once more, for a teardown")
    return parser


def _lines(asked: argparse.Namespace) -> Iterator[str]:
    stage = read_stage(asked.stage, folder=asked.stages)
    deployment = Deployment(asked.stage, stage, folder=asked.build, rehearsed=asked.rehearse)
    if asked.verb == "deploy" and asked.dry_run:
        return deployment.plan()
    if asked.verb == "deploy":
        return deployment.deploy()
    if asked.verb == "package":
        return deployment.package()
    if asked.verb == "rollback":
        return deployment.roll_back(asked.release)
    if asked.confirm != asked.stage:
        raise DeployRefused(f"to take {asked.stage} down, say its name again: CONFIRM={asked.stage}")
    return deployment.tear_down()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
