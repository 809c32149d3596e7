"""Counties of a test's own: the demonstration's, with other office hours than the day's."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.machine import ROOT

ZONE = "Asia/Shanghai"
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def never_closed(directory: Path) -> Path:
    """A county whose office is open at every hour of every day; its folder."""
    return _with_span(directory, opens="00:00:00", closes="23:59:59.999999")


def shut_for_hours(directory: Path) -> tuple[Path, str]:
    """A county whose office opens for a minute in about six hours; its folder, and the hour, as `17:00`."""
    hour = (datetime.now(ZoneInfo(ZONE)) + timedelta(hours=6)).hour
    folder = _with_span(directory, opens=f"{hour:02d}:00:00", closes=f"{hour:02d}:01:00")
    return folder, f"{hour:02d}:00"


def _with_span(directory: Path, *, opens: str, closes: str) -> Path:
    shutil.copytree(ROOT / "infra" / "county", directory)
    calendar = {
        "timezone": ZONE,
        "weekdays": EVERY_DAY,
        "spans": [{"opens": opens, "closes": closes}],
    }
    (directory / "office_hours.json").write_text(json.dumps(calendar), "utf-8")
    return directory
