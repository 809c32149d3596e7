"""`make drill` plays calls against a running service; `python -m infra.drill plots` draws what came of it."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from infra.drill import figures
from infra.drill.calls import CallsUnreadable, read_calls, seconds_of
from infra.drill.desk import NoSuchAccount
from infra.drill.play import Asked, Result, play
from infra.drill.plots import draw_all
from infra.drill.service import Declined, Unanswered

DAY = Path(__file__).parent / "day.csv"


def main(arguments: list[str]) -> int:
    """Play or draw; the exit code is 1 when something was lost, went wrong or could not be done."""
    asked = _arguments(arguments)
    if asked.what == "plots":
        results = [_read(path) for path in asked.results]
        for path in draw_all(results, asked.to):
            print(path)
        print(figures.table(results))
        return 0
    try:
        result = play(_asked(asked))
    except (CallsUnreadable, NoSuchAccount, Declined, Unanswered, OSError, ValueError) as fault:
        print(f"instant110: {fault}", file=sys.stderr)
        return 1
    print(figures.account(result), figures.table([result]), sep="\n\n")
    if asked.out:
        asked.out.write_bytes(msgspec.json.encode(result))
    return 1 if result.lost or result.faults else 0


def _arguments(arguments: list[str]) -> Any:
    parser = argparse.ArgumentParser(prog="infra.drill")
    commands = parser.add_subparsers(dest="what", required=True)
    one = commands.add_parser("play")
    one.add_argument("--ready", type=Path, help="the ready.json of a local machine")
    one.add_argument("--url", help="a deployed stage, with --accounts")
    one.add_argument("--accounts", type=Path, help="[{username, password, groups}], as in ready.json")
    one.add_argument(
        "--tokens", type=Path, help="[token, …] of citizens who signed in; without, a stand-in of WeChat"
    )
    one.add_argument("--day", type=Path, default=DAY)
    one.add_argument("--speed", type=float, default=100)
    one.add_argument("--from", dest="start", type=seconds_of, default=0)
    one.add_argument("--to", dest="end", type=seconds_of, default=seconds_of("24:00"))
    one.add_argument("--seats", type=int, default=4)
    one.add_argument("--out", type=Path, help="where to keep the measurements for plots")
    drawn = commands.add_parser("plots")
    drawn.add_argument("results", type=Path, nargs="+")
    drawn.add_argument("--to", type=Path, required=True)
    return parser.parse_args(arguments)


def _asked(asked: Any) -> Asked:
    if asked.url and not asked.accounts:
        raise ValueError("--url needs --accounts")
    ready = {} if asked.url else _ready(asked.ready or Path(".local/ready.json"))
    accounts = json.loads(asked.accounts.read_text("utf-8")) if asked.accounts else ready["accounts"]
    return Asked(
        url=asked.url or ready["url"],
        accounts=accounts,
        calls=read_calls(asked.day),
        speed=asked.speed,
        start_s=asked.start,
        end_s=asked.end,
        seats=asked.seats,
        aws_endpoint=ready.get("aws_endpoint"),
        tokens=tuple(json.loads(asked.tokens.read_text("utf-8"))) if asked.tokens else (),
    )


def _ready(path: Path) -> Any:
    """What the local machine says of itself; raises ValueError when none is up."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ValueError(f"no machine is up, for there is no {path}; `make run` starts one") from error


def _read(path: Path) -> Result:
    return msgspec.json.decode(path.read_bytes(), type=Result)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
