"""The set-up of `make run` and `make test`, in environments that other tools and people have prepared."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.interpreters import untraced

ROOT = Path(__file__).parents[2]
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "set-up-probe"
version = "1"
[tool.hatch.build]
dev-mode-dirs = ["."]
[tool.hatch.build.targets.wheel]
include = ["Makefile"]
"""
UNREACHABLE = "http://127.0.0.1:1/simple"
NOTHING_THERE = f"a-package-that-no-index-has==1 --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with our Makefile and no requirements; its environment sees the packages of this one."""
    (tmp_path / "local").mkdir()
    for name in ("Makefile", "local/interruptible.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "local.txt").touch()
    venv.create(tmp_path / ".venv")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = tmp_path / ".venv" / "lib" / version / "site-packages"
    (packages / "these.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return tmp_path


def make(
    project: Path, *arguments: str, environ: Mapping[str, str], **options: Any
) -> "subprocess.CompletedProcess[str]":
    given = {name: value for name, value in untraced(os.environ).items() if not name.startswith(("PIP_", "MAKE"))}
    command = [str(shutil.which("make")), *arguments]
    environ = {**given, **environ}
    return subprocess.run(command, cwd=project, env=environ, capture_output=True, check=False, text=True, **options)


def test_settings_of_pip_that_put_packages_elsewhere_do_not_count(project: Path, tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[install]\nuser = true\n[global]\nrequire-hashes = true\n", encoding="utf-8")
    environ = {"PIP_CONFIG_FILE": str(settings), "PIP_USER": "1", "PIP_TARGET": str(tmp_path / "elsewhere")}
    ran = make(project, ".venv/.local", environ=environ)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert list(project.glob(".venv/lib/*/site-packages/set_up_probe-1.dist-info"))
    assert not (tmp_path / "elsewhere").exists()


def test_without_a_network_one_line_says_so(project: Path) -> None:
    (project / "requirements" / "local.txt").write_text(NOTHING_THERE, encoding="utf-8")
    ran = make(project, "run", environ={"PIP_INDEX_URL": UNREACHABLE, "PIP_RETRIES": "1"})
    assert ran.returncode == 2
    said, *others = ran.stderr.splitlines()
    assert said == "No package index is reached, so nothing was done: is there a network?"
    assert all(line.startswith("make: ***") for line in others)


def test_without_a_network_lock_says_so_too_and_changes_nothing(project: Path) -> None:
    (project / "pyproject.toml").write_text(PROJECT.replace('version = "1"', 'version = "1"\ndependencies = ["click"]'))
    for made in ("requirements/development.txt", "requirements/deployed.txt", ".venv/.local", ".venv/.development"):
        (project / made).touch()
    (project / ".venv" / "bin" / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    environ = {"UV_DEFAULT_INDEX": UNREACHABLE, "UV_HTTP_RETRIES": "0", "UV_CACHE_DIR": str(project / "cache")}
    ran = make(project, "lock", "PIP_RETRIES=1", environ=environ)
    assert ran.returncode == 2
    said, *others = ran.stderr.splitlines()
    assert said == "No package index is reached, so nothing was done: is there a network?"
    assert all(line.startswith("make: ***") for line in others)
    assert (project / "requirements" / "deployed.txt").read_text() == ""


def test_what_else_pip_finds_wrong_is_said_in_its_own_words(project: Path) -> None:
    (project / "requirements" / "local.txt").write_text("no requirement at all\n", encoding="utf-8")
    ran = make(project, "run", environ={})
    assert ran.returncode == 2
    assert "Invalid requirement" in ran.stderr


def test_a_value_on_the_command_line_reaches_a_command_as_it_is(tmp_path: Path) -> None:
    show = tmp_path / "show.mk"
    show.write_text(f"include {ROOT / 'Makefile'}\nshow-parameters:\n\t@printenv PARAMETERS\n", encoding="utf-8")
    for value in ("Password=a$b$$c", "Key=$(shell touch pwned)", "Key=${HOME} 'x' \"y\" #z \\"):
        for how in (("show-parameters", f"PARAMETERS={value}"), ("show-parameters",)):
            environ = {} if len(how) == 2 else {"PARAMETERS": value}
            ran = make(tmp_path, "-f", str(show), *how, environ=environ)
            assert ran.stdout == f"{value}\n", how
    assert {path.name for path in tmp_path.iterdir()} == {"show.mk"}


INTERRUPTED = """#!/bin/sh
[ "$1" = -c ] && exit
mkdir .venv
kill -INT 0
"""


def test_ctrl_c_during_the_set_up_leaves_no_environment_that_is_half_there(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    python = project / "python"
    python.write_text(INTERRUPTED, encoding="utf-8")
    python.chmod(0o755)
    ran = make(project, "run", f"PYTHON={python}", environ={}, start_new_session=True)
    assert (ran.returncode, ran.stdout) == (-signal.SIGINT, "")
    assert all(line.startswith("make: ***") for line in ran.stderr.splitlines()), ran.stderr
    assert not (project / ".venv").exists()
