"""The simulation: no schedule of the first ones finds anything, and every planted bug is found by its seed."""

import json
import os
import subprocess
import sys

from tests.interpreters import untraced
from tests.simulation.run import run
from tests.simulation.schedule import Explorer, scenario_of
from tests.simulation.shrink import described, shrunk

SCHEDULES = 2_000


def command(module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the simulation, without coverage: it would take three times as long."""
    whole = [sys.executable, "-m", module, *arguments]
    return subprocess.run(whole, env=untraced(os.environ), capture_output=True, text=True, check=False)


def test_two_thousand_schedules_find_nothing() -> None:
    ran = command("tests.simulation", "--seeds", str(SCHEDULES), "--json")
    totals = json.loads(ran.stdout)
    assert (totals["schedules"], totals["found"]) == (SCHEDULES, []), ran.stderr
    assert ran.returncode == 0
    assert len(totals["faults"]) == 28
    assert min(totals["faults"].values()) > 20


def test_every_planted_bug_is_found_by_its_seed() -> None:
    ran = command("tests.simulation.planted")
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [each["bug"] for each in found if each["seed"] is None] == [], ran.stderr
    assert len(found) >= 15
    assert ran.returncode == 0


def test_a_seed_always_runs_the_same_way() -> None:
    first, second = (run(scenario_of(7), Explorer(7), traced=True) for _ in range(2))
    assert first == second
    assert first.trace


def test_a_shown_schedule_names_what_is_given_and_what_is_found() -> None:
    lines = list(described(shrunk(7)))
    assert lines[0].startswith("Given: windows http ")
    assert lines[-1] == "Found: nothing"
