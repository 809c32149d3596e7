"""Bytecode that Python takes without looking at the source: Lambda cannot write its own beside the code."""

import compileall
import sys
from pathlib import Path
from py_compile import PycInvalidationMode


class SourceBroken(Exception):
    """A file that would go into the package does not compile."""


def compile_folder(folder: Path) -> None:
    """Compile every module below; paths in tracebacks read as they will on Lambda."""
    done = compileall.compile_dir(
        folder,
        quiet=2,
        stripdir=str(folder),
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        workers=1,
    )
    if not done:
        raise SourceBroken(folder)


def cached_name(module: str) -> str:
    """The file name of a module's bytecode in `__pycache__` for the Python that runs this."""
    return f"{module}.{sys.implementation.cache_tag}.pyc"
