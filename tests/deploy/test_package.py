"""The package as Lambda gets it: unpacked alone, with only the runtime's own packages beside it."""

import json
import statistics
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.build import Where, build, environment_of, functions_of
from infra.deploy.functions import run_chalice
from infra.deploy.stage import Stage
from infra.deploy.vendor import needed
from tests.deploy.samples import OUTPUTS, REGION

pytestmark = pytest.mark.timeout(400)

RUNTIME_BRINGS = ("boto3", "botocore", "s3transfer", "dateutil", "six")
ZIP_LIMIT_MB = 8
UNZIPPED_LIMIT_MB = 40
ROUNDS = 5

WHERE = Where(stage="check", account_id="000000000000", region=REGION, outputs=OUTPUTS)
STAGE = Stage(region=REGION)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that `chalice package` makes of a build, libraries and all."""
    folder = tmp_path_factory.mktemp("package") / "app"
    try:
        build(WHERE, STAGE, public_url="https://110.example", folder=folder)
    except subprocess.CalledProcessError as fault:
        pytest.skip(f"the libraries' wheels cannot be fetched here (pip ended with {fault.returncode})")
    run_chalice("package", folder, "check", str(folder.parent / "out"), region=REGION)
    return folder.parent / "out" / "deployment.zip"


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip unpacked, read-only as on Lambda, with the runtime's packages in a folder beside it."""
    folder = tmp_path_factory.mktemp("lambda")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder / "task")
    (folder / "runtime").mkdir()
    for name in RUNTIME_BRINGS:
        found = find_spec(name)
        assert found is not None
        assert found.origin is not None
        origin = Path(found.origin)
        place = origin.parent if origin.name == "__init__.py" else origin
        (folder / "runtime" / place.name).symlink_to(place)
    return folder


def test_it_is_small(archive: Path) -> None:
    zipped = archive.stat().st_size / 1e6
    with zipfile.ZipFile(archive) as packed:
        unzipped = sum(one.file_size for one in packed.infolist()) / 1e6
    print(f"\npackage: {zipped:.1f} MB zipped, {unzipped:.1f} MB unzipped")
    assert zipped < ZIP_LIMIT_MB
    assert unzipped < UNZIPPED_LIMIT_MB


def test_it_holds_the_code_the_county_and_the_pages_and_nothing_of_the_workshop(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
    assert {
        "app.py",
        "chalice/app.py",
        "chalicelib/settings.py",
        "chalicelib/county/outline.geojson",
        "chalicelib/web/citizen.html",
        "chalicelib/web/vendor/leaflet.js",
    } <= names
    rooms = {name.partition("/")[0] for name in names}
    assert rooms.isdisjoint({"tests", "infra", "docs", "events", "botocore", "boto3", ".chalice", "vendor"})
    assert all((name.replace("-", "_") in rooms) or name not in ("msgspec", "pynamodb") for name in needed())


def test_every_module_has_its_bytecode_in_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
    sources = [name for name in names if name.endswith(".py") and name != "app.py"]
    for name in sources:
        folder, _, module = name.rpartition("/")
        cached = f"{module.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"
        assert f"{folder}/__pycache__/{cached}".lstrip("/") in names, name


def test_every_function_and_module_imports_with_only_lambdas_own_packages(unpacked: Path, app: Any) -> None:
    sources = [*app.event_sources, *app.builtin_auth_handlers]
    handlers = [one.handler_string.rpartition(".")[0] for one in sources]
    modules = [
        ".".join(path.relative_to(unpacked / "task").with_suffix("").parts)
        for path in (unpacked / "task" / "chalicelib").rglob("*.py")
    ]
    late = ["requests", "requests_aws4auth", "jwt", "phonenumbers", "boto3"]
    late += ["aws_lambda_powertools.utilities.parameters"]
    _run(
        unpacked,
        f"import app, importlib\nfor one in {sorted({*handlers, *modules, *late})}:\n"
        "    importlib.import_module(one)",
    )
    assert len(functions_of(app)) == len(sources) + 1


def test_the_county_the_page_and_its_libraries_are_served_from_it(unpacked: Path) -> None:
    code = """
import json, sys
from app import app
def ask(path, resource, **variables):
    event = {"requestContext": {"httpMethod": "GET", "resourcePath": resource, "identity": {}}, "headers": {},
             "multiValueQueryStringParameters": None, "pathParameters": variables, "stageVariables": None,
             "body": None, "isBase64Encoded": False}
    return app(event, None)
county = ask("/county", "/county")
page = ask("/", "/")
from chalicelib.adapters import pages
leaflet = next(name for name in pages._assets() if name.startswith("vendor-leaflet") and name.endswith(".js"))
library = ask("", "/assets/{name}", name=leaflet)
print(json.dumps([one["statusCode"] for one in (county, page, library)]))
"""
    assert json.loads(_run(unpacked, code)) == [200, 200, 200]


def test_what_few_requests_need_is_not_imported_when_it_starts_cold(unpacked: Path) -> None:
    code = "import app, sys, json; print(json.dumps(sorted(name for name in sys.modules if '.' not in name)))"
    imported = set(json.loads(_run(unpacked, code)))
    assert imported.isdisjoint({"requests", "phonenumbers", "boto3", "aws_xray_sdk", "requests_aws4auth"})


def test_its_cold_import_beside_that_of_chalice_and_pynamodb(unpacked: Path) -> None:
    own = statistics.median(_milliseconds(unpacked, "app") for _ in range(ROUNDS))
    both = statistics.median(_milliseconds(unpacked, "chalice.app, pynamodb.models") for _ in range(ROUNDS))
    print(f"\ncold import, median of {ROUNDS}: app {own:.0f} ms, chalice and pynamodb alone {both:.0f} ms")
    assert own < both * 4


def _milliseconds(unpacked: Path, modules: str) -> float:
    code = f"import time; began = time.perf_counter(); import {modules}; print(time.perf_counter() - began)"
    return float(_run(unpacked, code)) * 1000


def _run(unpacked: Path, code: str) -> str:
    """Run Python as the runtime does: the package first, the runtime's own packages, and no others."""
    paths = [str(unpacked / "task"), str(unpacked / "runtime")]
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-B", "-c", f"import sys; sys.path[:0] = {paths}\n{code}"],
        cwd=unpacked,
        env={"AWS_DEFAULT_REGION": REGION, **environment_of(WHERE, STAGE, public_url="https://110.example")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
