"""Builds a package, and keeps it only if it works."""

import hashlib
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from local.package import PackageError, bytecode, proof, schemas
from local.package.archive import write_zip
from local.package.contents import (
    FOR_BUILDING,
    STUBBED,
    add_compiled_models,
    add_functions,
    add_license,
    add_store_ca,
    add_stub,
    add_wheel,
    check_store_ca,
    module_names,
)
from local.package.interpreters import loads_libraries_of
from local.package.project import Project
from local.package.requirements import read_pins
from local.package.sbom import SBOM, bill_of_materials
from local.package.targets import Target
from local.package.wheels import fetch_wheels

_PYDANTIC = NormalizedName("pydantic")
_PYDANTIC_CORE = NormalizedName("pydantic-core")

_Wheels = Mapping[NormalizedName, Path]


@dataclass(frozen=True, slots=True)
class Built:
    """A package: where it is, its size in bytes, how many files it has, its SHA-256, and how it was proven."""

    path: Path
    size: int
    files: int
    sha256: str
    proof: str


def build(project: Project, target: Target, destination: Path, interpreter: Path) -> Built:
    """Build the package of `target` into the folder `destination`, with an interpreter of the target's version.

    The package is kept only if it passes `local.package.proof`.

    Raises:
        PackageError: a wheel is missing or is not what was locked, the store's authorities are no PEM file, or what was
            built does not work.

    """
    if project.store_ca is not None:
        check_store_ca(project.store_ca)
    archive = destination / target.archive
    archive.unlink(missing_ok=True)
    destination.mkdir(parents=True, exist_ok=True)
    wheels = fetch_wheels(read_pins(project.requirements, target), target, project.wheels)
    replaced = {} if loads_libraries_of(target, interpreter) else _libraries_of_host(project, target)
    with tempfile.TemporaryDirectory(dir=destination) as temporary:
        unproven = Path(temporary) / target.archive
        files = _write_package(project, target, wheels, {**wheels, **replaced}, unproven, interpreter)
        _prove(project, replaced, unproven, interpreter)
        unproven.replace(archive)
    content = archive.read_bytes()
    how = ", with this machine's ".join(["run as it is", *(wheel.name for wheel in replaced.values())])
    return Built(archive, len(content), files, hashlib.sha256(content).hexdigest(), how)


def add_sources(project: Project, wheels: _Wheels, folder: Path) -> None:
    """Put libraries, stubs and our modules, uncompiled, into `folder`."""
    for name, wheel in wheels.items():
        if name not in STUBBED:
            add_wheel(name, wheel, folder)
    for name in STUBBED & wheels.keys():
        add_stub(name, folder)
    add_functions(project.functions, folder)


def _libraries_of_host(project: Project, target: Target) -> dict[NormalizedName, Path]:
    """Return this machine's wheel of pydantic-core."""
    pins = [pin for pin in read_pins(project.requirements, target) if pin.name == _PYDANTIC_CORE]
    return fetch_wheels(pins, target, project.wheels, platforms=())


def _write_package(
    project: Project, target: Target, wheels: _Wheels, runnable: _Wheels, archive: Path, interpreter: Path
) -> int:
    shipped = {name: wheel for name, wheel in wheels.items() if name not in FOR_BUILDING}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        add_sources(project, shipped, folder)
        if _PYDANTIC in wheels:
            add_compiled_models(_compile_models(project, runnable, interpreter), folder)
        add_license(project.metadata["name"], project.license, folder)
        if project.store_ca is not None:
            add_store_ca(project.store_ca, folder)
        (folder / SBOM).write_bytes(bill_of_materials(project.metadata, wheels, folder, target))
        _run_step(interpreter, bytecode.__file__, folder)
        return write_zip(folder, archive)


def _compile_models(project: Project, wheels: _Wheels, interpreter: Path) -> str:
    with tempfile.TemporaryDirectory() as temporary:
        add_sources(project, wheels, Path(temporary))
        return _run_step(interpreter, schemas.__file__, temporary, *module_names(project.functions))


def _prove(project: Project, replaced: _Wheels, archive: Path, interpreter: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        for name, wheel in replaced.items():
            add_wheel(name, wheel, folder)
        failure = f"{archive.name} does not work, so it was not kept"
        _run(failure, interpreter, "-I", "-S", proof.__file__, folder, *module_names(project.functions))


def _run_step(interpreter: Path, script: str, *arguments: str | Path) -> str:
    """Run a step of the build, with the standard library alone to import, and return what it prints."""
    # Not -I, which takes no hash seed.
    return _run(f"{interpreter} could not build the package", interpreter, "-S", "-s", script, *arguments)


def _run(failure: str, interpreter: Path, *arguments: str | Path) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ["PYTHONHASHSEED"] = "0"  # up to 3.10, bytecode has a set in the order of its hashes
    command = [interpreter, *arguments]
    ran = subprocess.run(command, capture_output=True, check=False, env=environ, encoding="utf-8", errors="replace")  # noqa: S603 -- our own script
    if ran.returncode:
        raise PackageError(f"{failure}:\n{ran.stdout}{ran.stderr}")
    return ran.stdout
