"""What stops a build of the package, and where its parts come from: small projects, wheels made here, no network."""

import base64
import csv
import io
import json
import marshal
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result
from packaging.utils import canonicalize_name

import local.package.__main__ as command
from local.package import PackageError, proof
from local.package.build import build
from local.package.bytecode import compile_all
from local.package.contents import add_wheel, module_names
from local.package.interpreters import find_interpreter
from local.package.project import Project
from local.package.requirements import Pin, read_pins
from local.package.sbom import SBOM
from local.package.targets import TARGETS, Target
from local.package.wheels import fetch_wheels

PYTHON = Path(sys.executable)
SMALL = canonicalize_name("small")
FUNCTION = "resend_pending_verifications"
HERE = Target("{}.{}".format(*sys.version_info), glibc_minor=28)
MODULE = {"small/__init__.py": "", "small/py.typed": ""}
LICENSE = {"small-1.0.dist-info/licenses/LICENSE": "Do as you like."}


WORKING = """
import small

class Refused(Exception):
    code = "EventFailed"

def initialize(context): pass

def handler(event, context):
    raise Refused
"""
"""A function that passes the proof of the one whose name it has."""


def make_wheel(folder: Path, content: dict[str, str], name: str = "small") -> Path:
    """Make the wheel of version 1.0 of a distribution."""
    metadata = (
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nClassifier: License :: OSI Approved :: MIT License\n"
    )
    info = {"METADATA": metadata, "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    every = {**content, **{f"{name}-1.0.dist-info/{file}": text for file, text in info.items()}}
    record = io.StringIO()
    rows = csv.writer(record)
    for file, text in every.items():
        digest = base64.urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")
        rows.writerow([file, f"sha256={digest}", len(text)])
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in {**every, f"{name}-1.0.dist-info/RECORD": record.getvalue()}.items():
            archive.writestr(file, text)
    return wheel


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a wheel that pip, for this test, finds in a folder and nowhere else."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "links"))
    return make_wheel(tmp_path / "links", {**MODULE, **LICENSE})


def pin_of(wheel: Path) -> Pin:
    (pin,) = read_pins(requirements_of(wheel))
    return pin


def requirements_of(wheel: Path) -> Path:
    requirements = wheel.parent / "deployed.txt"
    requirements.write_text(
        f"small==1.0 \\\n    --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n    # via us\n"
    )
    return requirements


@pytest.fixture
def project(tmp_path: Path, wheel: Path) -> Project:
    root = tmp_path / "project"
    (root / "functions").mkdir(parents=True)
    (root / "functions" / f"{FUNCTION}.py").write_text(WORKING)
    (root / "requirements").mkdir()
    (root / "requirements" / "deployed.txt").write_text(requirements_of(wheel).read_text())
    (root / "LICENSE").write_text("Ours.")
    (root / "pyproject.toml").write_text(
        '[project]\nname = "ours"\nversion = "2"\nlicense = "Apache-2.0"\ndependencies = ["small>=1"]\n'
    )
    return Project(root)


def test_a_package_is_sources_bytecode_licences_and_the_bill(project: Project, tmp_path: Path) -> None:
    with zipfile.ZipFile(build(project, HERE, tmp_path, PYTHON).path) as archive:
        names = archive.namelist()
    bytecode = {f"__pycache__/{FUNCTION}.{HERE.cache_tag}.pyc", f"small/__pycache__/__init__.{HERE.cache_tag}.pyc"}
    licenses = {"licenses/ours/LICENSE", "licenses/small/LICENSE"}
    assert set(names) == {f"{FUNCTION}.py", "small/__init__.py", SBOM, *licenses, *bytecode}


def test_bytecode_names_its_source_where_the_cloud_puts_it(tmp_path: Path) -> None:
    source = tmp_path / "inner" / "module.py"
    source.parent.mkdir()
    source.write_text("1\n")
    compile_all(tmp_path)
    bytecode = Path(cache_from_source(source)).read_bytes()
    assert bytecode[4:8] == b"\1\0\0\0"  # PEP 552: by hash, and not to be checked
    assert marshal.loads(bytecode[16:]).co_filename == "/code/inner/module.py"  # noqa: S302 -- written just now


def test_a_module_that_cannot_be_compiled_stops_the_build(project: Project, tmp_path: Path) -> None:
    (project.functions / "other.py").write_text("def (:\n")
    with pytest.raises(PackageError, match=r"could not build[\s\S]*other\.py"):
        build(project, HERE, tmp_path, PYTHON)


@pytest.mark.parametrize(
    ("content", "why"), [("", "not a PEM file"), ("no certificate", "not a PEM file"), (None, "a private key")]
)
def test_a_file_that_does_not_hold_authorities_alone_stops_the_build(
    project: Project, tmp_path: Path, content: str | None, why: str
) -> None:
    pem = tmp_path / "given.pem"
    authority = trustme.CA()
    authority.private_key_pem.write_to_path(str(pem))
    authority.cert_pem.write_to_path(str(pem), append=True)
    if content is not None:
        pem.write_text(content)
    with pytest.raises(PackageError, match=why):
        build(replace(project, store_ca=pem), HERE, tmp_path, PYTHON)


def test_only_modules_are_taken_from_the_functions(project: Project, tmp_path: Path) -> None:
    (project.functions / "__pycache__").mkdir()
    (project.functions / "__pycache__" / "function.cpython-39.pyc").write_bytes(b"")
    (project.functions / ".env").write_text("SECRET=1")
    with zipfile.ZipFile(build(project, HERE, tmp_path, PYTHON).path) as archive:
        assert not [name for name in archive.namelist() if "cpython-39" in name or ".env" in name]


def test_a_second_build_needs_no_index(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin = pin_of(wheel)
    first = fetch_wheels([pin], HERE, tmp_path / "cache")
    monkeypatch.delenv("PIP_FIND_LINKS")
    assert fetch_wheels([pin], HERE, tmp_path / "cache") == first


def test_a_wheel_that_was_changed_in_the_cache_is_fetched_again(wheel: Path, tmp_path: Path) -> None:
    pin = pin_of(wheel)
    (cached,) = fetch_wheels([pin], HERE, tmp_path / "cache").values()
    cached.write_bytes(b"something else")
    (fetched,) = fetch_wheels([pin], HERE, tmp_path / "cache").values()
    assert fetched.read_bytes() == wheel.read_bytes()


def test_a_wheel_that_is_not_the_locked_one_stops_the_build(wheel: Path, tmp_path: Path) -> None:
    pin = pin_of(wheel)
    make_wheel(wheel.parent, {**MODULE, **LICENSE, "small/more.py": "import os"})
    with pytest.raises(PackageError, match=r"pip could not get the wheels[\s\S]*HASH"):
        fetch_wheels([pin], HERE, tmp_path / "cache")


def test_a_wheel_without_its_licence_stops_the_build(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, MODULE)
    with pytest.raises(PackageError, match="comes without its licence"):
        add_wheel(SMALL, wheel, tmp_path / "folder")


def test_a_wheel_with_files_for_elsewhere_stops_the_build(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, {**MODULE, **LICENSE, "small-1.0.data/scripts/small": "#!python"})
    with pytest.raises(PackageError, match="files for other places"):
        add_wheel(SMALL, wheel, tmp_path / "folder")


@pytest.mark.parametrize("line", ["small>=1 --hash=sha256:" + 64 * "0", "small==1.0"])
def test_what_is_not_pinned_with_a_hash_stops_the_build(tmp_path: Path, line: str) -> None:
    requirements = tmp_path / "deployed.txt"
    requirements.write_text(line)
    with pytest.raises(PackageError, match="small is not pinned with a hash"):
        read_pins(requirements)


def test_markers_are_read_for_the_runtime_not_for_the_python_that_builds(tmp_path: Path) -> None:
    requirements = tmp_path / "deployed.txt"
    requirements.write_text(f"small==1.0 ; python_full_version < '3.11.3' \\\n    --hash=sha256:{64 * '0'}\n")
    assert {target.version: len(read_pins(requirements, target)) for target in TARGETS} == {"3.12": 0, "3.10": 1}


def test_wheels_are_asked_for_by_what_the_runtimes_c_library_can_load() -> None:
    newest = {target.version: target.platforms[0] for target in TARGETS}
    assert newest == {"3.12": "manylinux_2_31_x86_64", "3.10": "manylinux_2_28_x86_64"}
    assert all("manylinux2014_x86_64" in target.platforms for target in TARGETS)


def shell(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("where", "variable"),
    [
        ("bin/python3.99", "PATH"),
        (".pyenv/versions/3.99.1/bin/python3.99", "HOME"),
        ("versions/3.99.0/bin/python3.99", "PYENV_ROOT"),
        (".local/share/uv/python/cpython-3.99.2-linux-x86_64-gnu/bin/python3.99", "HOME"),
        ("cpython-3.99.2-linux-x86_64-gnu/bin/python3.99", "UV_PYTHON_INSTALL_DIR"),
    ],
)
def test_an_interpreter_is_found_on_the_path_by_pyenv_and_by_uv(tmp_path: Path, where: str, variable: str) -> None:
    python = shell(tmp_path / where, "echo cpython-399")
    environ = {"PATH": "", "HOME": str(tmp_path / "nobody"), variable: str(tmp_path)}
    if variable == "PATH":
        environ["PATH"] = str(tmp_path / "bin")
    assert find_interpreter(Target("3.99", 31), environ) == python


def test_a_command_that_only_says_it_is_not_selected_is_passed_over(tmp_path: Path) -> None:
    shell(tmp_path / "shims/python3.99", "echo 'python3.99: command not found' >&2; exit 127")
    shell(tmp_path / "other/python3.99", "echo pypy-399")
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "python3.99").write_text("not executable")
    python = shell(tmp_path / "bin/python3.99", "echo cpython-399")
    folders = ("shims", "other", "none", "missing", "bin")
    environ = {"PATH": os.pathsep.join(str(tmp_path / folder) for folder in folders), "HOME": str(tmp_path)}
    assert find_interpreter(Target("3.99", 31), environ) == python


def test_a_missing_interpreter_stops_with_the_ways_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(
        PackageError, match=r"uv python install 3\.99, by pyenv install 3\.99[\s\S]*make package RUNTIME"
    ):
        find_interpreter(Target("3.99", 31), {"PATH": "", "HOME": str(tmp_path)})


def test_the_command_stops_without_an_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "TARGETS", [HERE, Target("3.99", 31)])
    result = CliRunner().invoke(command.main, ["--output", str(tmp_path / "dist")])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: There is no Python 3.99")
    assert not (tmp_path / "dist").exists()


def run_command(project: Project, output: Path, monkeypatch: pytest.MonkeyPatch, **environ: str) -> Result:
    monkeypatch.setattr(command, "ROOT", project.root)
    monkeypatch.setattr(command, "TARGETS", [HERE])
    return CliRunner().invoke(command.main, ["--output", str(output)], env=environ)


def test_the_command_says_what_it_built_as_json(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.loads(run_command(project, tmp_path, monkeypatch, JSON="1").stdout)
    content = (tmp_path / HERE.archive).read_bytes()
    assert said["path"] == str(tmp_path / HERE.archive)
    assert (said["size"], said["sha256"]) == (len(content), sha256(content).hexdigest())
    assert said["proof"] == "run as it is"


def test_the_command_puts_the_authorities_of_a_store_into_the_package(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = tmp_path / "given.pem"
    trustme.CA().cert_pem.write_to_path(str(pem))
    run_command(project, tmp_path, monkeypatch, STORE_CA=str(pem))
    with zipfile.ZipFile(tmp_path / HERE.archive) as archive:
        assert archive.read("store-ca.pem") == pem.read_bytes()


# A package that does not work is not kept.


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (
            f"import missing\n{WORKING}",
            f"{FUNCTION} cannot be imported: ModuleNotFoundError: No module named 'missing'",
        ),
        (WORKING.replace("pass", "1 / 0"), f"{FUNCTION}.initialize failed: ZeroDivisionError"),
        (WORKING.replace("raise Refused", "1 / 0"), f"{FUNCTION}.handler failed: ZeroDivisionError"),
        (WORKING.replace("raise Refused", "return {}"), f"{FUNCTION}.handler answered {{}}, not EventFailed"),
        (WORKING.replace("EventFailed", "EventLost"), f"{FUNCTION}.handler answered EventLost, not EventFailed"),
        (
            WORKING.replace("raise Refused", "import socket; socket.create_connection(('127.0.0.1', 1))"),
            f"{FUNCTION}.handler failed: PermissionError: the network was used",
        ),
    ],
    ids=["import", "initializer", "handler", "answer", "code", "network"],
)
def test_a_package_that_does_not_work_is_not_kept(
    function: str, why: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / HERE.archive).write_text("an earlier package")
    (project.functions / f"{FUNCTION}.py").write_text(function)
    result = run_command(project, tmp_path / "dist", monkeypatch)
    assert result.exit_code == 1
    assert f"{HERE.archive} does not work, so it was not kept" in result.stderr
    assert why in result.stderr
    assert list((tmp_path / "dist").iterdir()) == []


@pytest.mark.usefixtures("traced_processes")
def test_the_sources_of_the_functions_pass_the_proof_of_a_package() -> None:
    functions = Path(__file__).parents[2] / "functions"
    command = [sys.executable, proof.__file__, str(functions), *module_names(functions)]
    ran = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_function_without_a_request_to_refuse_is_not_proven(project: Project, tmp_path: Path) -> None:
    (project.functions / "third.py").write_text(WORKING)
    with pytest.raises(PackageError, match=r"third must refuse to MUST_REFUSE in local/package/proof\.py"):
        build(project, HERE, tmp_path, PYTHON)


def test_elsewhere_a_package_is_proven_with_the_pydantic_core_of_the_machine(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = {"pydantic_core-1.0.dist-info/LICENSE": ""}
    core = make_wheel(tmp_path / "links", {"pydantic_core.py": "", **licence}, "pydantic_core")
    with project.requirements.open("a") as requirements:
        requirements.write(f"pydantic-core==1.0 --hash=sha256:{sha256(core.read_bytes()).hexdigest()}\n")
    asked = 'case "$*" in *EXT_SUFFIX*) echo .cpython-399-darwin.so;; *) exec "$REAL" "$@";; esac'
    monkeypatch.setenv("REAL", sys.executable)
    built = build(project, HERE, tmp_path / "dist", shell(tmp_path / "python", asked))
    assert built.proof == "run as it is, with this machine's pydantic_core-1.0-py3-none-any.whl"
    assert built.sha256 == build(project, HERE, tmp_path / "dist", PYTHON).sha256
