"""The libraries that go into the package: what the code needs, less what Lambda's runtime brings.

Versions and hashes are those of `requirements.txt`; wheels are those of Lambda's Linux. The folder is kept
between builds and made again when the lock file changes.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.deploy.bytecode import compile_folder
from infra.deploy.stage import ROOT

LAMBDA_BRINGS = frozenset({"boto3", "botocore", "s3transfer", "python-dateutil", "six"})
"""With Python's runtime on Lambda (decision 23); jmespath and urllib3 come along, others need them too."""

CHALICE_BRINGS = frozenset({"chalice"})
"""Its packager adds the two files of it that run."""

PLATFORM = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")
NOT_RUN = ("*.dist-info", "bin", "**/__pycache__", "**/*.pyi", "**/tests", "**/test", "**/py.typed")


def vendored(folder: Path) -> Path:
    """Have the libraries in `folder`, byte-compiled; makes them when the lock file is another."""
    lock = locked_packages((ROOT / "requirements.txt").read_text("utf-8"), needed())
    stamp = folder.with_suffix(".stamp")
    fingerprint = hashlib.sha256(f"{sys.version_info[:2]} {lock}".encode()).hexdigest()
    if folder.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _install(lock, folder)
    _slim(folder)
    compile_folder(folder)
    stamp.write_text(fingerprint)
    return folder


def needed() -> set[str]:
    """Every package the code needs on Lambda, by its normal name, as the installed packages say."""
    asked = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    waiting = [Requirement(line) for line in asked if line and not line.startswith("#")]
    found: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found | LAMBDA_BRINGS | CHALICE_BRINGS:
            continue
        found.add(name)
        waiting += [
            one
            for one in map(Requirement, distribution(name).requires or [])
            if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    return found


def locked_packages(lock_file: str, names: set[str]) -> str:
    """The part of a lock file that holds these packages; raises `LookupError` when one is not locked."""
    packages = {
        str(canonicalize_name(re.split(r"[=\[ ;]", block, maxsplit=1)[0])): block
        for block in re.split(r"\n(?=\S)", lock_file.strip())
    }
    if missing := names - set(packages):
        raise LookupError(f"not in requirements.txt: {', '.join(sorted(missing))}")
    return "\n".join(packages[name] for name in sorted(names)) + "\n"


def _install(lock: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    listed = folder.with_suffix(".txt")
    listed.write_text(lock)
    platforms = [argument for one in PLATFORM for argument in ("--platform", one)]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    locked = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(listed)]
    for_lambda = ["--python-version", version, "--implementation", "cp", *platforms]
    subprocess.run([*pip, *locked, *for_lambda, "--target", str(folder)], check=True)


def _slim(folder: Path) -> None:
    """Take out what never runs; the folder is only ever read by machines."""
    for pattern in NOT_RUN:
        for path in list(folder.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
