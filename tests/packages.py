"""The packages that tests look into and run: each built once, unpacked, with the interpreter that it is for."""

import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.package.build import Built, build
from local.package.project import Project
from local.package.targets import Target

PROJECT = Project(Path(__file__).parents[1])


@dataclass(frozen=True)
class Package:
    """A package of a target, its archive open, its files unpacked, and the interpreter that it is for."""

    target: Target
    interpreter: Path
    built: Built
    archive: zipfile.ZipFile
    folder: Path

    @property
    def names(self) -> list[str]:
        return self.archive.namelist()

    @property
    def sbom(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.archive.read("sbom.cdx.json"))
        return document

    def run(self, *arguments: str | Path, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a script on the package's interpreter, with the package and the standard library alone to import."""
        command = [self.interpreter, "-I", "-S", "-W", "error", *arguments]
        return subprocess.run(
            command, capture_output=True, check=False, text=True, env={**os.environ, **(environ or {})}
        )


@contextmanager
def built_package(target: Target, interpreter: Path, folder: Path) -> Iterator[Package]:
    """Build the package of a target into a folder, and unpack it there."""
    built = build(PROJECT, target, folder, interpreter)
    with zipfile.ZipFile(built.path) as archive:
        archive.extractall(folder / "code")
        yield Package(target, interpreter, built, archive, folder / "code")
