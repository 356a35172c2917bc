"""`make audit`: what it makes of pip-audit's answers, with a pip-audit that gives the answers told."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CLEAN = {"name": "requests", "version": "2.34.2", "vulns": []}
VULNERABLE = {
    "name": "urllib3",
    "version": "2.8.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.8.1"], "aliases": [], "description": "A redirect."}],
}
SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI and could not be audited: idna (3.20)"}


def audit(tmp_path: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a `pip_audit` that runs this script."""
    (tmp_path / "pip_audit").mkdir()
    (tmp_path / "pip_audit" / "__init__.py").touch()
    (tmp_path / "pip_audit" / "__main__.py").write_text(script)
    command = [sys.executable, "-m", "local.package.audit", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    return subprocess.run(command, capture_output=True, check=False, text=True, env=environ, cwd=ROOT)


def answering(*dependencies: dict[str, Any]) -> str:
    return f"print({json.dumps({'dependencies': dependencies, 'fixes': []})!r})"


def test_it_succeeds_when_all_was_checked_and_nothing_found(tmp_path: Path) -> None:
    ran = audit(tmp_path, answering(CLEAN))
    assert (ran.returncode, ran.stdout) == (0, "1 distributions: 0 vulnerable, 0 not checked.\n")


@pytest.mark.usefixtures("traced_processes")
def test_a_vulnerability_fails_it_and_is_told_with_the_version_that_fixes_it(tmp_path: Path) -> None:
    ran = audit(tmp_path, answering(CLEAN, VULNERABLE))
    assert ran.returncode == 1
    assert "urllib3 2.8.0: PYSEC-2026-1, fixed in 2.8.1. A redirect." in ran.stdout


@pytest.mark.usefixtures("traced_processes")
def test_what_was_not_checked_fails_it_by_name(tmp_path: Path) -> None:
    ran = audit(tmp_path, answering(CLEAN, SKIPPED))
    assert ran.returncode == 1
    assert "could not be done: no advisories are served here for idna" in ran.stderr


@pytest.mark.usefixtures("traced_processes")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import sys; sys.exit('ERROR: Could not connect to the vulnerability feed')", "is there a network?"),
        ("import sys; sys.exit('ERROR: unreadable')", "ERROR: unreadable"),
        ("", "gave no reason"),
    ],
)
def test_a_check_that_broke_off_fails_it_with_the_reason(tmp_path: Path, script: str, reason: str) -> None:
    ran = audit(tmp_path, script)
    assert ran.returncode == 1
    assert "The audit could not be done." in ran.stderr
    assert reason in ran.stderr


def test_it_asks_about_what_any_runtime_gets_whatever_python_asks(tmp_path: Path) -> None:
    script = """
import json, pathlib, sys
files = [pathlib.Path(after) for before, after in zip(sys.argv, sys.argv[1:]) if before == "--requirement"]
lines = {line for file in files for line in file.read_text().splitlines()}
assert all("--hash=sha256:" in line for line in lines)
print(json.dumps({"dependencies": [{"name": line.partition("==")[0], "version": "1", "vulns": []} for line in lines]}))
"""
    wanted = {
        line.partition("==")[0]
        for line in (ROOT / "requirements/deployed.txt").read_text().splitlines()
        if "==" in line
    }
    ran = audit(tmp_path, script)
    assert (ran.returncode, ran.stdout) == (0, f"{len(wanted)} distributions: 0 vulnerable, 0 not checked.\n")


@pytest.mark.usefixtures("traced_processes")
def test_a_tool_gets_what_was_found_as_json(tmp_path: Path) -> None:
    ran = audit(tmp_path, answering(CLEAN, VULNERABLE), "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout) == {"requirements": "deployed.txt", "distributions": [CLEAN, VULNERABLE]}
