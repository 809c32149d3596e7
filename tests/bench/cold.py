"""The cold import of the package as Lambda unpacks it, beside that of what it cannot do without."""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from infra.deploy.build import Where, build, environment_of
from infra.deploy.bytecode import compile_folder
from infra.deploy.functions import run_chalice
from infra.deploy.stage import Stage
from tests.bench.contenders import ENVIRONMENT
from tests.bench.rows import Row, times
from tests.deploy.samples import OUTPUTS, REGION
from tests.machine import ROOT

ROUNDS = 9
LIMIT = 1.25
OWN, FLOOR = "import app", "import chalice.app, pynamodb.models"
"""`import pynamodb` by itself reads nothing of it; the models are what every table is made of."""

LITERAL = "import chalice, pynamodb"
SPARED = f"import gc\ngc.set_threshold(100_000)\n{FLOOR}"
"""The floor with garbage looked for as seldom as the package has it."""

OTHER_FLOORS = {
    LITERAL: "`import chalice, pynamodb` as they stand, which reads neither Chalice's app nor the models",
    SPARED: "the floor with garbage looked for as seldom",
}

PEERS = {
    "powertools resolver, boto3": (
        "import aws_lambda_powertools.event_handler, pydantic, boto3.session, botocore.client"
    ),
    "FastAPI, Mangum, boto3": "import fastapi, mangum, boto3.session, botocore.client",
}
RUNTIME_BRINGS = ("boto3", "botocore", "s3transfer", "dateutil", "six.py")
WHERE = Where(stage="check", account_id="000000000000", region=REGION, outputs=OUTPUTS)
STAGE = Stage(region=REGION)
TRIED = """
The package imports all routes, because Lambda has one function behind all of them. What was done: PyJWT is
imported where a token is made or read, and garbage is looked for so seldom that no search falls into the
import (`chalicelib/__init__.py`). By hand, with callgrind in the development environment on 2026-11-30, PyJWT
and searches after 50,000 new objects took the import from 996 to 964 million instructions, and no search at
all, on later code, from 964 to 895, beside 675 for the floor and 39 for a bare interpreter. What was tried
and taken back: importing powertools' Logger when first used, which had each log line stand twice. What was
not done: importing the routes by the path that is asked for, or the workflows in each view, which would
spread the imports over the house for a tenth of a second at a cold start.
The whole profile is left in `build/benchmarks/importtime.txt`.
"""
LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
PROFILE = ROOT / "build" / "benchmarks" / "importtime.txt"


class Cold:
    """An unpacked package with the runtime's own packages beside it, all of it as bytecode."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        build(WHERE, STAGE, public_url="https://110.example", folder=folder / "app")
        run_chalice("package", folder / "app", "check", str(folder / "out"), region=REGION)
        with zipfile.ZipFile(folder / "out" / "deployment.zip") as packed:
            packed.extractall(folder / "task")
        installed = Path(next(one for one in sys.path if one.endswith("site-packages")))
        for name in RUNTIME_BRINGS:
            source, target = installed / name, folder / "runtime" / name
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
        compile_folder(folder / "runtime")
        self._of_peers = next((ENVIRONMENT / "lib").glob("python*/site-packages"))

    def milliseconds(self, code: str) -> float:
        """Processor time of one import in a new process: the clock also counts whoever else is at work."""
        timed = f"import time\nbegan = time.process_time()\n{code}\nprint(time.process_time() - began)"
        paths = [self._of_peers] if code in PEERS.values() else self._own_paths
        return float(self._run(timed, paths).stdout) * 1000

    def profile(self, code: str) -> dict[str, int]:
        """Microseconds that each module took by itself; the least of three times."""
        best: dict[str, int] = {}
        for _ in range(3):
            told = self._run(code, self._own_paths, "-X", "importtime").stderr
            for took, module in LINE.findall(told):
                best[module] = min(best.get(module, int(took)), int(took))
        return best

    @property
    def _own_paths(self) -> list[Path]:
        return [self._folder / "task", self._folder / "runtime"]

    def _run(self, code: str, paths: Sequence[Path], *options: str) -> "subprocess.CompletedProcess[str]":
        before = f"import sys\nsys.path[:0] = {[str(one) for one in paths]}\n"
        own = environment_of(WHERE, STAGE, public_url="https://110.example")
        return subprocess.run(
            [sys.executable, "-S", "-s", "-B", *options, "-c", before + code],
            cwd=self._folder,
            env={"AWS_DEFAULT_REGION": REGION, **own},
            capture_output=True,
            text=True,
            check=True,
        )


def cold_rows(notes: list[str]) -> Iterator[Row]:
    """One row; when the target is missed, where the time goes is added to the notes."""
    with tempfile.TemporaryDirectory() as folder:
        cold = Cold(Path(folder))
        figures = _by_turns(cold, [OWN, FLOOR, SPARED, LITERAL, *PEERS.values()])
        ratio = times(figures[OWN], figures[FLOOR])
        beside = [f"chalice and pynamodb {figures[FLOOR]:.0f} ms"]
        beside += [f"{name} {figures[code]:.0f} ms" for name, code in PEERS.items()]
        yield Row(
            what="cold import of the package, processor time",
            ours=f"{figures[OWN]:.0f} ms, {ratio:.2f} × the floor",
            beside=", ".join(beside),
            target=f"≤ {LIMIT} × the floor",
            kept=ratio <= LIMIT,
        )
        for code, name in OTHER_FLOORS.items():
            than = times(figures[OWN], figures[code])
            yield Row(
                what=f"the same, beside {name}",
                ours=f"{than:.2f} ×",
                beside=f"{figures[code]:.0f} ms",
                target=f"≤ {LIMIT} ×",
                kept=than <= LIMIT,
            )
        if ratio > LIMIT:
            own = cold.profile(OWN)
            _leave(own)
            notes.append(_beyond_the_floor(own, cold.profile(FLOOR)))


def _by_turns(cold: Cold, codes: Sequence[str]) -> dict[str, float]:
    seen: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(ROUNDS):
        for code in codes:
            seen[code].append(cold.milliseconds(code))
    return {code: statistics.median(times_of) for code, times_of in seen.items()}


def _leave(profile: dict[str, int]) -> None:
    """The whole profile in a file, dearest first."""
    PROFILE.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{took:8} {module}" for module, took in sorted(profile.items(), key=lambda one: -one[1])]
    PROFILE.write_text("\n".join(lines) + "\n")


def _beyond_the_floor(own: dict[str, int], floor: dict[str, int]) -> str:
    """What the app imports and the floor does not, by package, dearest first."""
    took: Counter[str] = Counter()
    many: Counter[str] = Counter()
    for module, microseconds in own.items():
        if module not in floor:
            parts = module.split(".")
            package = ".".join(parts[: 2 if parts[0] == "chalicelib" else 1])
            took[package] += microseconds
            many[package] += 1
    rows = [f"| `{name}` | {many[name]} | {micro / 1000:.1f} |" for name, micro in took.most_common(12)]
    head = "What the floor does not import, by `-X importtime`, the least of three times each:\n\n"
    head += "| package | modules | ms |\n| --- | --- | --- |\n"
    return head + "\n".join(rows) + "\n" + TRIED
