"""A short drill against the machine, and what its figures and plots are made of."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from infra.drill import figures
from infra.drill.__main__ import main
from infra.drill.audit import read_back, unseen, unshown
from infra.drill.calls import Call, CallsUnreadable, read_calls, seconds_of, write_calls
from infra.drill.desk import Desk
from infra.drill.make_day import CALLS, SEED, make_day
from infra.drill.marks import ANSWER, FILED, MAP, RING, SERIES, TEXT, Marks, percentile
from infra.drill.play import Asked, Result, play
from infra.drill.plots import draw_all
from infra.drill.scene import Filed, Scene
from infra.drill.service import Tally
from tests.machine import ROOT, Machine

DAY = ROOT / "infra" / "drill" / "day.csv"
SPOT = (36.5151, 118.5312)
"""Where no other test reports anything."""

MODES = ("video110", "photo_text", "voice", "tip", "photo_text", "silent")


def short_day() -> list[Call]:
    """A call every ten seconds, in every mode, from one spot, about what an officer is sent to."""
    return [
        Call(offset_s=10 * number, mode=mode, lat=SPOT[0], lng=SPOT[1], kind="traffic")
        for number, mode in enumerate(MODES)
    ]


def test_a_drill_with_nothing_to_play_against_says_how_to_start_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["play", "--ready", str(tmp_path / "ready.json")]) == 1
    assert "`make run` starts one" in capsys.readouterr().err


def test_a_short_drill_loses_nothing_and_measures_everything(machine: Machine) -> None:
    asked = Asked(
        url=machine.url,
        accounts=machine.accounts,
        calls=short_day(),
        # Fast enough that an officer's way takes seconds.
        speed=300,
        start_s=0,
        end_s=3600,
        seats=3,
        aws_endpoint=machine.aws_endpoint,
    )
    result = play(asked)
    print(f"\n{figures.account(result)}\n{figures.table([result])}")
    assert (result.lost, result.faults) == ([], [])
    assert {name: len(result.series[name]) for name in (FILED, RING, ANSWER)} == dict.fromkeys(
        (FILED, RING, ANSWER), len(MODES)
    )
    assert result.counts["places watched"] == 1
    assert result.counts["hits"] >= 1
    assert result.counts["officers reported back"] >= 1
    assert result.counts["points taken"] >= 1


def test_a_drill_that_misses_something_says_what(machine: Machine) -> None:
    citizen = machine.citizen("drilled")
    taken = citizen.post("/reports/photo-text", {"text": "演练"}).json()["incident"]
    scene = Scene(speed=100, start_s=0, end_s=60, seed=1, comes_within_s=0)
    remembered = Filed(
        call=short_day()[0],
        incident_id=taken["id"],
        number=taken["number"],
        token=citizen.token,
        text="别的话",
        booked=False,
        messages=1,
        points={1_700_000_000_000: 5.0, 1_700_000_001_000: 7.5},
    )
    scene.file(remembered)
    for series in (RING, ANSWER):
        scene.marks.begin(series, remembered.incident_id, scene.marks.began_at)
    desk = Desk(scene, machine.url, machine.accounts)
    lost = read_back(scene, machine.url, desk.signed_in("commander"))
    assert [line.partition(": ")[2] for line in lost] == [
        "its words are not those that were sent",
        "not closed but waiting",
        "a message is not there",
        "2 of 2 points are not there",
    ]
    scene.marks.end(RING, remembered.incident_id, scene.marks.began_at + 1)
    assert unseen(scene) == [f"{taken['number']}: was answered by nobody"]
    for at_ms in remembered.points:
        scene.marks.begin(MAP, (remembered.incident_id, at_ms), scene.marks.began_at)
    for began in (4.0, 6.0, 7.0, 8.0):
        scene.looked(remembered.incident_id, began)
    # Of the second one look cannot tell: it may have been on its way.
    assert unshown(scene) == [f"{taken['number']}: 1 points never came to the map"]


def test_the_day_that_is_kept_is_the_one_its_seed_makes() -> None:
    kept = read_calls(DAY)
    assert kept == make_day(SEED, CALLS)
    assert "Synthetic" in DAY.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("25:00:00,voice,36.5 118.5,other", "call 1"),
        ("10:00:00,telegram,36.5 118.5,other", "telegram"),
        ("10:00:00,voice,somewhere,other", "call 1"),
        ("10:00:00,voice", "call 1"),
    ],
)
def test_a_file_that_is_none_of_calls_is_refused_with_the_line(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "day.csv"
    path.write_text(f"offset,mode,place,kind\n{line}\n", "utf-8")
    with pytest.raises(CallsUnreadable, match=why):
        read_calls(path)


def test_calls_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    write_calls(short_day(), path, remark="made up")
    assert read_calls(path) == short_day()
    assert [seconds_of(text) for text in ("00:00", "19:30:05", "24:00")] == [0, 70205, 86400]


def test_a_series_counts_first_ends_and_knows_what_never_ended() -> None:
    marks = Marks()
    start = marks.began_at
    marks.end(RING, "seen before it was told", start + 3)
    marks.begin(RING, "seen before it was told", start + 1)
    marks.end(RING, "seen before it was told", start + 9)
    marks.begin(RING, "never seen", start)
    ((began, took),) = marks.took(RING)
    assert (round(began, 6), round(took, 6)) == (1, 2)
    assert marks.open(RING) == {"never seen"}


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(one) for one in range(1, 11)]
    assert [percentile(values, share) for share in (0, 50, 95, 99, 100)] == [1, 5, 10, 10, 10]
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_each_series_is_drawn_with_a_curve_a_drill(tmp_path: Path) -> None:
    result = Result(
        speed=10,
        window="19:00:00–20:00:00",
        calls=2,
        seats=2,
        started_at="2026-11-22T00:00:00+00:00",
        machine="two cores",
        load=(0.1, 0.2),
        series={name: [(0.0, 0.5), (1.0, 1.5)] for name in SERIES} | {TEXT: [], MAP: [(0.0, 0.0001)]},
        counts=Tally().counts(),
        lost=["261122-AAAAAAA: not there"],
        faults=[],
    )
    drawn = draw_all([result, result], tmp_path)
    assert [path.name for path in drawn] == [
        "report-to-receipt.svg",
        "report-to-ring.svg",
        "report-to-answer.svg",
        "point-to-map.svg",
        "report-to-hit.svg",
    ]
    for path in drawn:
        lines = [one for one in ET.fromstring(path.read_text("utf-8")).iter() if one.get("fill") == "none"]  # noqa: S314
        assert len(lines) == 2
    assert "| report → ring | 10× | 2 | 2 | 500 | – | – | 1,500 |" in figures.table([result])
    assert "lost: 1" in figures.account(result)
