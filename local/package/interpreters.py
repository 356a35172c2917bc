"""Finds an installed interpreter of a given version: bytecode is good for the version that compiled it only."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.package.errors import PackageError
from local.package.targets import Target


def find_interpreter(target: Target, environ: Mapping[str, str]) -> Path:
    """Return a CPython of the target's version: from the PATH, from pyenv, from uv, or beside the one that runs.

    Raises:
        PackageError: there is none; the message says how to get one.

    """
    for python in _candidates(target.version, environ):
        if _cache_tag(python) == target.cache_tag:
            return python
    version = target.version
    raise PackageError(
        f"There is no Python {version} to compile the bytecode of its package with. Install one: by uv python install\n"
        f"{version}, by pyenv install {version}, or as python{version} of your system. Or go on without bytecode,\n"
        "and have every cold start take twice as long: make package ALLOW_NO_BYTECODE=1"
    )


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    yield Path(sys.executable)
    for directory in os.get_exec_path(environ):
        yield Path(directory) / f"python{version}"
    home = Path(environ.get("HOME", "/"))
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local/share/uv/python")
    for folder, pattern in (
        (Path(sys.base_prefix).parent, f"{version}.*"),
        (pyenv, f"{version}.*"),
        (uv, f"cpython-{version}.*"),
    ):
        yield from sorted(folder.glob(f"{pattern}/bin/python{version}"), reverse=True)


def _cache_tag(python: Path) -> str | None:
    code = "import sys; print(sys.implementation.cache_tag)"
    try:
        # pyenv puts commands on the path that only say that the version is not selected.
        ran = subprocess.run([python, "-I", "-S", "-c", code], capture_output=True, check=False, text=True)  # noqa: S603 -- found above
    except OSError:
        return None
    return ran.stdout.strip() if ran.returncode == 0 else None
