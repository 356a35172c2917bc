"""Copies of the project, each with an environment of its own.

The environment finds the functions in the copy, and everything else where the project's own environment has it. So does
each process that a test starts with `sys.executable`, whatever its environment variables and its options are.
"""

import itertools
import os
import shutil
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "dist")
_ROOTS = ("functions", ".")
"""The import roots of the project, as in its pyproject.toml."""


class Copy(NamedTuple):
    """A copy of the project: where it is, and the Python that runs it."""

    root: Path
    python: Path

    @contextmanager
    def having(self, module: str, source: bytes) -> Iterator[None]:
        """Have this source for a module of the functions."""
        path = self.root / "functions" / module
        before, times = path.read_bytes(), path.stat()
        path.write_bytes(source)
        # Compiled modules are kept under the source's size and its time in whole seconds.
        moment = next(_MOMENTS)
        os.utime(path, (moment, moment))
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, (times.st_atime, times.st_mtime))


_MOMENTS = itertools.count(1_000_000_000)


@contextmanager
def copied(project: Path) -> Iterator[Copy]:
    """Make a copy of a project, and remove it in the end."""
    with TemporaryDirectory(prefix="mutants-") as folder:
        root = Path(folder).resolve() / "project"
        shutil.copytree(project, root, ignore=_LEFT_OUT, symlinks=True)
        yield Copy(root, _environment(root))


def _environment(root: Path) -> Path:
    """Make an environment with what this process's own has, but for the project."""
    folder = root / ".venv"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    python = folder / "bin" / "python"
    own = Path(sysconfig.get_path("purelib"))
    packages = folder / own.relative_to(sys.prefix)
    for entry in own.iterdir():
        if not (entry.suffix == ".pth" and _names_a_folder(entry)):
            (packages / entry.name).symlink_to(entry)
    (packages / "_copy.pth").write_text("".join(f"{(root / each).resolve()}\n" for each in _ROOTS))
    for script in Path(sys.prefix, "bin").iterdir():
        to = folder / "bin" / script.name
        if to.exists() or not script.is_file():
            continue
        first_line, rest = script.read_bytes().partition(b"\n")[::2]
        if first_line == f"#!{sys.prefix}/bin/python".encode():
            to.write_bytes(f"#!{python}\n".encode() + rest)
            to.chmod(0o755)
        else:
            to.symlink_to(script)
    return python


def _names_a_folder(path: Path) -> bool:
    """Tell whether a `.pth` file is that of an editable project, not one that runs code."""
    return not path.read_text().startswith("import ")
