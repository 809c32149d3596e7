"""The clean folder that Chalice packages: the code, its libraries, its county, its policies, no more.

Chalice fills in nothing by itself, so what the stack put out is written here into the copies of `config.json`
and of the policies. The folder is made anew each time; the libraries' own is kept (`infra/deploy/vendor.py`).
"""

import json
import py_compile
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from chalice.app import Chalice

from chalicelib.settings import Settings
from infra.deploy.bytecode import cached_name, compile_folder
from infra.deploy.policies import fill, placeholders, policy_file
from infra.deploy.stage import ROOT, DeployRefused, Stage
from infra.deploy.vendor import vendored

OF_OTHERS = ("POWERTOOLS_", "LOG_LEVEL")
"""Variables that no setting reads: the libraries do."""

NOT_PACKAGED = shutil.ignore_patterns("__pycache__", "*.pyc")


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """Where a stage's functions run, and what its stack put out, by the names of the variables."""

    stage: str
    account_id: str
    region: str
    outputs: dict[str, str]

    def names(self) -> dict[str, str]:
        """What policies may name."""
        own = {"STAGE": self.stage, "AWS_REGION": self.region, "AWS_ACCOUNT_ID": self.account_id}
        return {**placeholders(self.outputs), **own}


def build(where: Where, stage: Stage, *, public_url: str, folder: Path, libraries: bool = True) -> Path:
    """Make the folder for `chalice --project-dir`; raises `DeployRefused` for what would not run."""
    shutil.rmtree(folder, ignore_errors=True)
    _copy_code(folder, county=ROOT / stage.county)
    (folder / "requirements.txt").write_text("# The libraries stand in vendor, byte-compiled.\n")
    if libraries:
        shutil.copytree(vendored(ROOT / "build" / "vendor"), folder / "vendor")
        _compile_chalice(folder / "vendor")
    compile_folder(folder / "chalicelib")
    _configure(folder / ".chalice", where, environment_of(where, stage, public_url=public_url))
    return folder


def environment_of(where: Where, stage: Stage, *, public_url: str) -> dict[str, str]:
    """The variables of every function: the stack's outputs that a setting reads, and the stage's own."""
    known = {name.upper() for name in Settings.__struct_fields__}
    wrong = {name for name in stage.environment if name not in known and not name.startswith(OF_OTHERS)}
    if wrong:
        raise DeployRefused(f"no setting reads {', '.join(sorted(wrong))}")
    return {
        **{name: value for name, value in where.outputs.items() if name in known},
        "STAGE": where.stage,
        "PUBLIC_URL": public_url,
        "POWERTOOLS_SERVICE_NAME": f"instant110-{where.stage}",
        "POWERTOOLS_METRICS_NAMESPACE": "instant110",
        **stage.environment,
    }


def functions_of(app: Chalice) -> list[str]:
    """Every function Chalice makes of the app, by the name its settings and policy file go by."""
    authorizers = [one.name for one in app.builtin_auth_handlers]
    return ["api_handler", *authorizers, *(one.name for one in app.event_sources)]


def reviewed_config() -> dict[str, Any]:
    """`.chalice/config.json` as it is in the repository: no stage, no names of any stack."""
    config: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    return config


def _copy_code(folder: Path, *, county: Path) -> None:
    if not (ROOT / "chalicelib" / "web" / "vendor" / "leaflet.js").exists():
        raise DeployRefused("the pages' libraries are missing: make libraries")
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "app.py", folder)
    shutil.copytree(ROOT / "chalicelib", folder / "chalicelib", ignore=NOT_PACKAGED)
    shutil.copytree(county, folder / "chalicelib" / "county")


def _compile_chalice(vendor: Path) -> None:
    """Chalice's packager adds its two modules as sources; their bytecode joins them from here."""
    cache = vendor / "chalice" / "__pycache__"
    cache.mkdir(parents=True)
    for module in ("chalice", "chalice.app"):
        found = find_spec(module)
        if found is None or found.origin is None:
            raise DeployRefused(f"{module} is not installed")
        origin = Path(found.origin)
        py_compile.compile(
            str(origin),
            cfile=str(cache / cached_name(origin.stem)),
            dfile=f"chalice/{origin.name}",
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def _configure(folder: Path, where: Where, environment: Mapping[str, str]) -> None:
    folder.mkdir()
    reviewed = ROOT / ".chalice"
    config = reviewed_config()
    config["stages"] = {where.stage: {"environment_variables": dict(environment)}}
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    for function in config["lambda_functions"]:
        policy = policy_file(reviewed, function).read_text("utf-8")
        policy_file(folder, function).write_text(fill(policy, where.names()))
