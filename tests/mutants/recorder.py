"""A plugin of pytest that tells coverage which test is running, here and in the processes that it starts."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

FOLDER = "COVERAGE_MUTANTS_FOLDER"
"""The variable that has the folder for the seconds of each test that passed."""

TEST = "COVERAGE_MUTANTS_TEST"
"""The variable that has the id of the test that starts a process. Instances of a function inherit it."""

_SECONDS = pytest.StashKey[dict[str, float]]()
_FAILED = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SECONDS] = {}
    config.stash[_FAILED] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Record under the name of the test whatever runs until the next one begins."""
    os.environ[TEST] = id_of(item)
    traced = coverage.Coverage.current()
    assert traced is not None
    traced.switch_context(id_of(item))
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add up the seconds of set-up, call and teardown."""
    report = yield
    seconds = item.config.stash[_SECONDS]
    seconds[id_of(item)] = seconds.get(id_of(item), 0.0) + report.duration
    if not report.passed:
        item.config.stash[_FAILED].add(id_of(item))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down the tests that passed; skipped ones did not."""
    stash = session.config.stash
    passed = {id_: seconds for id_, seconds in stash[_SECONDS].items() if id_ not in stash[_FAILED]}
    worker = os.environ.get("PYTEST_XDIST_WORKER", "none")
    Path(os.environ[FOLDER], f"seconds-{worker}.json").write_text(json.dumps(passed))


def id_of(item: pytest.Item) -> str:
    """Return the id of a test, without the group that xdist adds."""
    group = item.get_closest_marker("xdist_group")
    return item.nodeid.removesuffix(f"@{group.args[0]}") if group else item.nodeid
