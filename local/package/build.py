"""Puts a package together: the functions, what runs of each wheel, bytecode, licences, and the bill of materials."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import NormalizedName

from local.package import compiler
from local.package import schemas as schema_writer
from local.package.archive import write_zip
from local.package.contents import (
    REPLACED,
    REPLACED_WHEN_FROZEN,
    add_frozen_models,
    add_functions,
    add_license,
    add_stand_ins,
    add_wheel,
    module_names,
)
from local.package.errors import PackageError
from local.package.requirements import read_pins
from local.package.sbom import SBOM, bill_of_materials
from local.package.targets import Target
from local.package.wheels import fetch_wheels

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PYDANTIC = NormalizedName("pydantic")


@dataclass(frozen=True, slots=True)
class Project:
    """Where the parts of a package come from, below the project's root."""

    root: Path

    @property
    def functions(self) -> Path:
        """The modules of the functions."""
        return self.root / "functions"

    @property
    def requirements(self) -> Path:
        """The pinned and hashed requirements of the functions."""
        return self.root / "requirements" / "deployed.txt"

    @property
    def license(self) -> Path:
        """The project's own licence."""
        return self.root / "LICENSE"

    @property
    def wheels(self) -> Path:
        """Where downloaded wheels are kept."""
        return self.root / ".wheels"

    @property
    def metadata(self) -> dict[str, Any]:
        """The project table of pyproject.toml."""
        table: dict[str, Any] = tomllib.loads((self.root / "pyproject.toml").read_text())["project"]
        return table


@dataclass(frozen=True, slots=True)
class Built:
    """A package: where it is, its size in bytes, how many files it has, and its SHA-256."""

    path: Path
    size: int
    files: int
    sha256: str


def build(project: Project, target: Target, destination: Path, interpreter: Path | None) -> Built:
    """Build the package of `target` into the folder `destination`.

    If there is an `interpreter` for it, the package has bytecode, and the models' schemas in the place of pydantic.

    Raises:
        PackageError: a wheel is missing or is not what was locked, or a module cannot be compiled or imported.

    """
    pins = [pin for pin in read_pins(project.requirements, target) if pin.name not in REPLACED]
    wheels = fetch_wheels(pins, target, project.wheels)
    schemas = _schemas(project, wheels, interpreter) if interpreter and _PYDANTIC in wheels else None
    shipped = {name: wheel for name, wheel in wheels.items() if not (schemas and name in REPLACED_WHEN_FROZEN)}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _unpack(project, shipped, folder)
        if schemas:
            add_frozen_models(schemas, folder)
        add_license(project.metadata["name"], project.license, folder)
        (folder / SBOM).write_bytes(bill_of_materials(project.metadata, wheels, shipped, target))
        if interpreter:
            _run(interpreter, compiler.__file__, str(folder))
        destination.mkdir(parents=True, exist_ok=True)
        archive = destination / target.archive
        files = write_zip(folder, archive)
    content = archive.read_bytes()
    return Built(archive, len(content), files, hashlib.sha256(content).hexdigest())


def _unpack(project: Project, wheels: Mapping[NormalizedName, Path], folder: Path) -> None:
    for name, wheel in wheels.items():
        add_wheel(name, wheel, folder)
    add_stand_ins(folder)
    add_functions(project.functions, folder)


def _schemas(project: Project, wheels: Mapping[NormalizedName, Path], interpreter: Path) -> str:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _unpack(project, wheels, folder)
        return _run(interpreter, schema_writer.__file__, str(folder), *module_names(project.functions))


def _run(interpreter: Path, script: str, *arguments: str) -> str:
    """Run a script of ours, with the standard library alone to import, and return what it prints."""
    command = [str(interpreter), "-S", "-s", script, *arguments]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ["PYTHONHASHSEED"] = "0"  # up to 3.10, a set in bytecode lies in the order of its hashes
    ran = subprocess.run(command, capture_output=True, check=False, env=environ, text=True)  # noqa: S603 -- our own script
    if ran.returncode:
        raise PackageError(f"{interpreter} could not build the package:\n{ran.stderr}")
    return ran.stdout
