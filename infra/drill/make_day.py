"""Makes up a day's calls: `python -m infra.drill.make_day --to infra/drill/day.csv`.

Synthetic: no bureau's day. The share of each hour, mode and kind is a guess by common sense, so that there
is an evening rush, a quiet night, most calls in the towns, and two spots from which many calls come.
"""

import argparse
import csv
import random
import sys
from pathlib import Path

from infra.drill.calls import DAY_SECONDS, Call, write_calls

SEED = 110
CALLS = 400
HOURS = (5, 4, 3, 2, 2, 3, 6, 11, 15, 17, 18, 18, 16, 15, 17, 18, 19, 22, 26, 28, 27, 22, 15, 9)
MODES = {"photo_text": 34, "tip": 10, "video110": 22, "voice": 24, "silent": 4, "fengqiao": 6}
KINDS = {
    "traffic": 24,
    "dispute": 18,
    "help": 16,
    "public_order": 14,
    "fraud": 8,
    "criminal": 6,
    "domestic": 5,
    "missing": 3,
    "fire": 2,
    "other": 4,
}
OF_A_CONSULT = {"consult": 8, "complaint": 2}
BUSY_SPOTS = ((36.5150, 118.5310), (36.4204, 118.5008))
AT_A_BUSY_SPOT = 0.08
SCATTER_DEGREES = 0.008
PLACES = Path(__file__).parents[1] / "county" / "places.csv"


def make_day(seed: int, calls: int) -> list[Call]:
    """A day by its seed, the same each time; offsets rise."""
    chance = random.Random(seed)  # noqa: S311  # a day that anyone can make again, and no secret
    towns = _towns()
    hours = chance.choices(range(24), HOURS, k=calls)
    offsets = sorted(hour * 3600 + chance.randrange(3600) for hour in hours)
    return [_call(chance, min(offset, DAY_SECONDS - 1), towns) for offset in offsets]


def _call(chance: random.Random, offset_s: int, towns: list[tuple[float, float]]) -> Call:
    mode = _one_of(chance, MODES)
    kind = _one_of(chance, OF_A_CONSULT if mode == "fengqiao" else KINDS)
    lat, lng = _spot(chance, towns)
    return Call(offset_s=offset_s, mode=mode, lat=lat, lng=lng, kind=kind)


def _spot(chance: random.Random, towns: list[tuple[float, float]]) -> tuple[float, float]:
    """A busy spot, or somewhere about a town; half of them about the county's seat, which comes first."""
    if chance.random() < AT_A_BUSY_SPOT:
        return chance.choice(BUSY_SPOTS)
    lat, lng = chance.choices(towns, [len(towns) - 1, *[1] * (len(towns) - 1)])[0]
    return (
        round(lat + chance.gauss(0, SCATTER_DEGREES), 4),
        round(lng + chance.gauss(0, SCATTER_DEGREES), 4),
    )


def _one_of(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _towns() -> list[tuple[float, float]]:
    with PLACES.open(encoding="utf-8", newline="") as file:
        return [(float(row["lat"]), float(row["lng"])) for row in csv.DictReader(file)]


def main(arguments: list[str]) -> int:
    """Write the day."""
    parser = argparse.ArgumentParser(prog="infra.drill.make_day")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--to", type=Path, required=True)
    asked = parser.parse_args(arguments)
    remark = (
        f"Synthetic: made by infra/drill/make_day.py with seed {asked.seed}. No bureau's day, no one's calls."
    )
    write_calls(make_day(asked.seed, asked.calls), asked.to, remark=remark)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
