"""`make mutants`: on a small project with functions of its own, and the sample of the real ones."""

import json
import os
import shutil
import subprocess
import sys
from itertools import islice
from typing import Any

import pytest

from tests.interpreters import ROOT, untraced
from tests.mutants.__main__ import sample
from tests.mutants.sites import sites_of

# The small project is tried once, not by each worker.
pytestmark = pytest.mark.xdist_group("mutants")

FUNCTIONS = ROOT / "functions"

PLANTED = '''
"""Judges ages."""

MAJORITY = 18


def is_adult(age: int) -> bool:
    """Tell whether somebody may vote."""
    return age >= MAJORITY


def is_born(age: int | None) -> bool:
    return age is not None


def pays_full_price(age: int) -> bool:
    return age < 65


def is_a_twin(other: str = "nobody") -> bool:
    return other != "nobody"
'''
TESTS = """
import subprocess
import sys

import planted


def test_the_limit_of_adults():
    assert [planted.is_adult(age) for age in (17, 18, 19)] == [False, True, True]


def test_a_process_that_looks_at_no_variable():
    code = "import planted, sys; sys.exit(not planted.is_born(0))"
    assert subprocess.run([sys.executable, "-I", "-c", code]).returncode == 0


def test_the_price_far_from_its_limit():
    assert planted.pays_full_price(40)
"""
KNOWN = "b9b3a6af"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make a project of those functions and tests, and return what `make mutants JSON=1` prints there."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "tests" / "mutants", project / "tests" / "mutants")
    for name in ("tests/__init__.py", "tests/interpreters.py"):
        shutil.copy(ROOT / name, project / name)
    (project / "functions").mkdir()
    (project / "functions" / "planted.py").write_text(PLANTED)
    (project / "tests" / "test_planted.py").write_text(TESTS)
    (project / "tests" / "mutants" / "survivors.md").write_text(f"| `{KNOWN}` | `is_a_twin` | `a` | equivalent |\n")
    command = [sys.executable, "-m", "tests.mutants", "--seed", "1", "--json"]
    # A worker of xdist has variables that would tell the tests of the project that they are in one, too.
    environ = {name: value for name, value in untraced(os.environ).items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(command, cwd=project, env=environ, capture_output=True, check=False, text=True)
    assert ran.returncode == 1, ran.stderr
    return json.loads(ran.stdout)


def by_scope(report: Any, *verdicts: str) -> set[str]:
    return {result["scope"] for result in report["results"] if result["verdict"] in verdicts}


def test_a_change_that_a_test_notices_is_not_listed(report: Any) -> None:
    """It is noticed in a constant, in a function, and in a process that was started without any variable."""
    assert by_scope(report, "killed") >= {"", "is_adult", "is_born"}
    assert by_scope(report, "survived", "uncovered").isdisjoint({"", "is_adult", "is_born"})


def test_a_change_that_no_test_notices_is_listed_with_its_diff(report: Any) -> None:
    survivor = next(result for result in report["results"] if result["verdict"] == "survived")
    assert survivor["where"] == "functions/planted.py"
    assert "@@ -15,5 +15,5 @@" in survivor["diff"]
    assert "\n-    return age < 65\n+    return age " in survivor["diff"]


def test_a_change_of_what_no_test_runs_has_survived(report: Any) -> None:
    assert by_scope(report, "uncovered") == {"is_a_twin"}


def test_a_survivor_that_is_known_counts_apart(report: Any) -> None:
    known = [result for result in report["results"] if result["known"]]
    assert [result["known"] for result in known] == ["equivalent"]
    assert report["known"] == 1
    assert report["killed"] + report["survived"] + 1 == report["mutants"]


def test_a_path_that_no_file_has_is_refused_before_anything_is_recorded() -> None:
    command = [sys.executable, "-m", "tests.mutants", "cooldown/", "functions/cooldown/"]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "No file of functions/ has a path that begins with functions/cooldown/.\n"


def test_a_seed_has_the_same_mutants_again() -> None:
    """They leave docstrings, types and what only a type checker reads alone, and are each valid Python."""
    sources = {"acs3.py": (FUNCTIONS / "resource_directory" / "acs3.py").read_bytes()}
    first, again, other = (list(islice(sample(sources, seed), 20)) for seed in (1, 1, 2))
    assert first == again != other


def test_a_mutant_keeps_its_key_when_its_lines_move() -> None:
    before = (FUNCTIONS / "cooldown" / "ledger.py").read_bytes()
    after = before.replace(b'"""', b'"""More.\n\n', 1)
    keys = [
        [mutant.key(source) for site in sites_of("ledger.py", source) for mutant in site] for source in (before, after)
    ]
    assert keys[0] == keys[1]
