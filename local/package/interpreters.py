"""Finds an installed Python of a given version, which compiles and runs a package.

Why not `uv python find`: it does not find the Pythons of pyenv, and stops at a pyenv command that is not selected. And
`fcapi serve --package` has to work with what `make run` installs, which does not include uv.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.package import PackageError
from local.package.targets import Target


def find_interpreter(target: Target, environ: Mapping[str, str]) -> Path:
    """Return a CPython of the target's version: from the PATH, from pyenv, from uv, or next to the one that runs.

    Raises:
        PackageError: there is none; the message says how to get one.

    """
    for python in _candidates(target.version, environ):
        if _ask(python, "import sys; print(sys.implementation.cache_tag)") == target.cache_tag:
            return python
    version = target.version
    raise PackageError(
        f"There is no Python {version}, which is needed to build and to prove its package. Install one: by\n"
        f"uv python install {version}, by pyenv install {version}, or as python{version} of your system.\n"
        "Or build the package of another Python alone: make package RUNTIME=..."
    )


def loads_libraries_of(target: Target, python: Path) -> bool:
    """Tell whether a Python loads the compiled modules of the target: it runs on Linux of the same processor."""
    return _ask(python, "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))") == target.library_suffix


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


def _ask(python: Path, code: str) -> str | None:
    try:
        # A command of pyenv may only print that its version is not selected.
        ran = subprocess.run([python, "-I", "-S", "-c", code], capture_output=True, check=False)  # noqa: S603 -- found above
    except OSError:
        return None
    return ran.stdout.decode(errors="replace").strip() if ran.returncode == 0 else None
