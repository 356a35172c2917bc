"""Imports go one way: function -> phone_verification -> resource_directory, cooldown, fcapi; `local` above them all."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.stem for path in (ROOT / "functions").glob("*.py"))

MAY_IMPORT = {
    "fcapi": set[str](),
    "resource_directory": set[str](),
    "cooldown": set[str](),
    "phone_verification": {"resource_directory", "cooldown", "fcapi"},
    **{function: {"phone_verification", "resource_directory", "cooldown", "fcapi"} for function in FUNCTIONS},
    "local": {"phone_verification", "resource_directory", "cooldown", "fcapi", *FUNCTIONS},
}
THIRD_PARTY_OF_FUNCTIONS = {"pydantic", "pydantic_core", "requests", "typing_extensions", "urllib3", "redis"}
"""urllib3 is what requests is made of; its exceptions tell where a failure fell. typing_extensions is for mypy."""


def modules_of(package: str) -> list[Path]:
    root = ROOT if package == "local" else ROOT / "functions"
    single = root / f"{package}.py"
    return [single] if single.exists() else sorted((root / package).rglob("*.py"))


def imports_of(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:  # a relative import stays within its package
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_package_of_the_functions_is_listed() -> None:
    packages = {path.parent.name for path in (ROOT / "functions").glob("*/__init__.py")}
    assert packages | set(FUNCTIONS) | {"local"} == set(MAY_IMPORT)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way(package: str) -> None:
    ours = {imported for module in modules_of(package) for imported in imports_of(module)}
    used = {name.partition(".")[0] for name in ours} & set(MAY_IMPORT) - {package}
    assert used <= MAY_IMPORT[package]


def test_what_is_deployed_imports_nothing_but_the_standard_library_and_its_requirements() -> None:
    import sys

    allowed = set(sys.stdlib_module_names) | THIRD_PARTY_OF_FUNCTIONS | set(MAY_IMPORT) - {"local"}
    for package in set(MAY_IMPORT) - {"local"}:
        for module in modules_of(package):
            foreign = {name.partition(".")[0] for name in imports_of(module)} - allowed
            assert not foreign, module


def test_the_emulator_does_not_verify_with_the_clients_signer() -> None:
    """Of the client, `local` may know the errors."""
    for module in modules_of("local"):
        of_client = {name for name in imports_of(module) if name.startswith("resource_directory")}
        assert not [name for name in of_client if not name.startswith("resource_directory.errors.")], module


# The rooms of `local`: each is a package, or a module at its root.

ROOMS_A_ROOM_MAY_IMPORT = {
    "commands": {"account", "emulator", "instances", "one_of", "package", "samples", "serve", "web"},
    "serve": {"emulator", "event_reader", "instances", "package", "samples", "template", "web"},
    "account": {"openapi", "package", "template"},
    "drill": {"one_of", "samples", "template"},
    "emulator": {"web"},
    "samples": {"event_reader"},
    "event_reader": set[str](),
    "demo": {"emulator"},
    "instances": set[str](),
    "openapi": {"samples"},
    "interruptible": set[str](),
    "one_of": set[str](),
    "package": {"one_of"},
    "template": set[str](),
    "web": set[str](),
}


def name_of(module: Path) -> str:
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def local_modules() -> dict[str, set[str]]:
    """Return each module of `local` with the modules of `local` that it imports."""
    modules = {name_of(path): path for path in modules_of("local")}
    return {
        name: {part for imported in imports_of(path) for part in (imported, imported.rpartition(".")[0])}
        & set(modules) - {"local", name}
        for name, path in modules.items()
    }


def test_every_room_of_local_is_listed() -> None:
    assert {name.split(".")[1] for name in local_modules() if name != "local"} == set(ROOMS_A_ROOM_MAY_IMPORT)


@pytest.mark.parametrize("room", ROOMS_A_ROOM_MAY_IMPORT)
def test_a_room_of_local_imports_the_rooms_that_are_listed(room: str) -> None:
    used = {
        imported.split(".")[1]
        for name, imports in local_modules().items()
        for imported in imports
        if name.split(".")[1:2] == [room]
    }
    assert used - {room} == ROOMS_A_ROOM_MAY_IMPORT[room]


def test_no_modules_of_local_import_each_other_in_a_circle() -> None:
    imports = local_modules()
    while free := {name for name, imported in imports.items() if not imported & set(imports)}:
        imports = {name: imported for name, imported in imports.items() if name not in free}
    assert not imports, "each of these is in a circle or leads to one"


def test_an_endpoint_is_known_only_where_endpoints_are_put_together() -> None:
    importing = {
        name
        for name, imports in local_modules().items()
        for imported in imports
        if imported.startswith("local.serve.endpoints.") and not name.startswith("local.serve.endpoints.")
    }
    assert importing == {"local.serve.cloud", "local.serve.invoke_api_app"}
