"""What `make deploy` and `make smoke` install by themselves, and what make passes on."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.package.requirements import read_pins
from tests.account.conftest import ROOT

NEEDED = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


def pins(name: str) -> dict[str, str]:
    return {pin.name: pin.version for pin in read_pins(ROOT / "requirements" / f"{name}.txt")}


@pytest.mark.parametrize(("name", "pinned"), [("deploy", "alibabacloud-ros20190910"), ("build", "setuptools")])
def test_what_is_installed_is_pinned_and_hashed_without_an_index(name: str, pinned: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert "--index" not in text
    assert pinned in pins(name)


def test_development_has_the_same_sdks() -> None:
    development = pins("development")
    assert {name: development.get(name) for name in pins("deploy")} == pins("deploy")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the Makefile, in which `make run` ran before; its Python says what it is called with."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (
        "requirements/local.txt",
        "requirements/build.txt",
        "requirements/deploy.txt",
        "pyproject.toml",
        ".venv/.local",
    ):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.touch()
    (tmp_path / ".venv" / "bin").mkdir()
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    os.utime(python, (0, 0))
    os.utime(tmp_path / ".venv" / ".local")
    return tmp_path


PYTHON = """#!/bin/sh
echo "$@"
echo "PARAMETERS is $PARAMETERS"
[ ! -e "$FAIL" ] || [ "$3" = --check ] || { echo "connection broken by" >&2; exit 1; }
"""


def make(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, env={**given, **environ}, capture_output=True, check=False, text=True)


@NEEDED
@pytest.mark.parametrize("target", ["deploy", "smoke"])
def test_the_first_call_installs_the_sdks_and_the_second_does_not(checkout: Path, target: str) -> None:
    first = make(checkout, target)
    assert first.returncode == 0, first.stderr
    steps = [line for line in first.stdout.splitlines() if "local.account" in line or line.startswith("Installing")]
    whole = f"local/interruptible.py local.account.{target}"
    assert steps == [f"{whole} --check", "Installing what deploying needs into .venv ...", whole]
    assert "--require-hashes --requirement requirements/build.txt" in first.stdout
    assert "--require-hashes --no-build-isolation --requirement requirements/deploy.txt" in first.stdout
    second = make(checkout, target)
    assert "Installing" not in second.stdout
    assert whole in second.stdout


@NEEDED
@pytest.mark.parametrize("target", ["deploy", "smoke"])
def test_a_call_that_is_wrong_installs_nothing(checkout: Path, target: str) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.write_text(WRONG_CALL, encoding="utf-8")
    os.utime(python, (0, 0))
    ran = make(checkout, target)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"local/interruptible.py local.account.{target} --check is wrong\nmake: ***")
    assert not (checkout / ".venv" / ".deploy").exists()


WRONG_CALL = """#!/bin/sh
echo "$@ is wrong" >&2
exit 2
"""


@NEEDED
def test_without_a_network_one_line_says_so(checkout: Path) -> None:
    failed = make(checkout, "deploy", FAIL=str(checkout / "Makefile"))
    assert failed.returncode == 2
    said, *others = failed.stderr.splitlines()
    assert said == "No package index is reached, so nothing was done: is there a network?"
    assert all(re.match(r"make(\[1\])?: \*\*\*", line) for line in others)
    assert not (checkout / ".venv" / ".deploy").exists()


@NEEDED
def test_a_dollar_in_a_value_is_passed_on(checkout: Path) -> None:
    value = "CooldownHashKey='a$b $(HOME) $$' Site=China"
    assert f"PARAMETERS is {value}\n" in make(checkout, "deploy", f"PARAMETERS={value}").stdout
    assert f"PARAMETERS is {value}\n" in make(checkout, "deploy", PARAMETERS=value).stdout


@NEEDED
def test_the_audit_covers_them(checkout: Path) -> None:
    (checkout / ".venv" / ".development").touch()
    (checkout / "requirements" / "development.txt").touch()
    os.utime(checkout / ".venv" / ".development")
    assert "local/interruptible.py local.package.audit requirements/deploy.txt" in make(checkout, "audit").stdout
