"""The file of a day's calls: CSV with a line a call, `offset,mode,place,kind`.

`offset` is the time of the day as HH:MM:SS; `mode` a reporting mode, or `tip`; `place` latitude and
longitude in WGS-84 degrees, with a space between; `kind` the code of one of the bureau's kinds of incident.
"""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

COLUMNS = ("offset", "mode", "place", "kind")
LIVE = {"video110", "silent", "voice", "fengqiao"}
MODES = LIVE | {"photo_text", "tip"}
DAY_SECONDS = 24 * 3600


class CallsUnreadable(Exception):
    """The file is no file of calls; the message names the line."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the day: seconds after midnight, how, where (WGS-84) and about what."""

    offset_s: int
    mode: str
    lat: float
    lng: float
    kind: str

    @property
    def is_live(self) -> bool:
        return self.mode in LIVE

    @property
    def spot(self) -> tuple[float, float]:
        """Where it is, to tell whether two calls are from the same spot."""
        return self.lat, self.lng


def read_calls(path: Path) -> list[Call]:
    """The calls, by time; raises `CallsUnreadable`, FileNotFoundError."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise CallsUnreadable(f"{path}: the first line must be {','.join(COLUMNS)}")
        calls = [_call(row, f"{path}, call {number}") for number, row in enumerate(rows, 1)]
    return sorted(calls, key=lambda call: call.offset_s)


def write_calls(calls: Iterable[Call], path: Path, *, remark: str) -> None:
    """Write the calls, with a line in front that says what they are."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {remark}\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for call in calls:
            place = f"{call.lat:.4f} {call.lng:.4f}"
            rows.writerow((clock(call.offset_s), call.mode, place, call.kind))


def clock(seconds: int) -> str:
    """Seconds after midnight as HH:MM:SS."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def seconds_of(text: str) -> int:
    """HH:MM or HH:MM:SS as seconds after midnight, to 24:00; raises ValueError."""
    if not re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", text):
        raise ValueError(f"{text!r} is not HH:MM or HH:MM:SS")
    hours, minutes, seconds = [*map(int, text.split(":")), 0][:3]
    found = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or found > DAY_SECONDS:
        raise ValueError(f"{text!r} is no time of a day")
    return found


def _call(row: dict[str, str], where: str) -> Call:
    try:
        lat, lng = map(float, row["place"].split())
        call = Call(offset_s=seconds_of(row["offset"]), mode=row["mode"], lat=lat, lng=lng, kind=row["kind"])
    except (ValueError, AttributeError, TypeError) as fault:
        raise CallsUnreadable(f"{where}: {fault}") from fault
    if call.mode not in MODES:
        raise CallsUnreadable(f"{where}: no such mode as {call.mode}")
    return call
