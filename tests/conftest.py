"""Fixtures for every test."""

import gc
import os
from collections.abc import Generator, Iterator

import pytest
from xdist.scheduler import LoadGroupScheduling

from local.emulator.server import Emulator
from phone_verification.settings import SendSettings, SweepSettings
from tests.handlers import LocalFunction
from tests.leaks import Watch, watching


def pytest_configure() -> None:
    """Use the environment's proxies for pip alone, and none of its settings and credentials of the functions.

    All that tests talk to but pip's index runs on this machine, and a test sets what its function is to have.
    """
    settings = {name.upper() for each in (SendSettings, SweepSettings) for name in each.model_fields}
    for name in list(os.environ):
        if name in settings or name.startswith("ALIBABA_CLOUD_"):
            del os.environ[name]
    proxies = {name.lower(): os.environ.pop(name) for name in list(os.environ) if name.lower().endswith("_proxy")}
    if proxy := proxies.get("https_proxy") or proxies.get("all_proxy"):
        os.environ["PIP_PROXY"] = proxy


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what was imported and collected: it lives until the end."""
    gc.freeze()


class _GroupsAndFiles(LoadGroupScheduling):  # type: ignore[misc] # xdist has no types
    """Gives a worker the tests of a whole group, or of a whole file: what they share is made once."""

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if group == nodeid else group


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadGroupScheduling | None:
    """Have `--dist loadgroup` keep files together, too."""
    return _GroupsAndFiles(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session", autouse=True)
def watch() -> Iterator[Watch]:
    """Look at what leaves the process, from before the first instance is made until the last test is over."""
    with watching() as watch:
        yield watch


@pytest.fixture(autouse=True)
def nothing_leaks(watch: Watch) -> Iterator[None]:
    """Fail the test if a phone number or a part of the credentials was in anything that left the process.

    It covers every log line of both functions, wherever it is printed; their replies, results and exceptions; answers
    of instances in processes of their own; what commands print that a test captures; in requests over HTTP, the secret
    half of the key pair and the key of the store's hashes; in what a store is sent, phone numbers too. What pytest
    captures, output and Python's own logging, is looked at by the hook below; nothing is captured with `-s`.

    It does not cover what has to have these values: requests to the API, what the emulator answers and keeps, events
    that wait to be retried. Nor what a process writes into a file or a terminal of the test's own: such tests look
    themselves. It knows the emulator's key pair, and the numbers that start with 139; tests that make up others look
    for those.
    """
    watch.found()
    yield
    found = watch.found()
    if found:
        pytest.fail("This left the process: " + "; ".join(sorted(set(found))), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that printed or logged such a thing, as `nothing_leaks` says."""
    report = yield
    captured = Watch()
    for title, text in report.sections:
        captured.look(title, text)
    if report.passed and (found := captured.found()):
        report.outcome, report.longrepr = "failed", "This left the process: " + "; ".join(found)
    return report


@pytest.fixture(scope="session", autouse=True)
def tracing() -> dict[str, str]:
    """Start processes without coverage, since tracing costs each start 0.2 s; return what would have them traced."""
    name = "COVERAGE_PROCESS_CONFIG"  # what `coverage run` sets for them
    return {name: os.environ.pop(name)} if name in os.environ else {}


@pytest.fixture
def traced_processes(tracing: dict[str, str], restored_environment: None) -> None:  # noqa: ARG001 -- it comes first
    """Start processes with coverage: for tests of code that runs in no other way."""
    os.environ.update(tracing)


@pytest.fixture(autouse=True)
def restored_environment() -> Iterator[None]:
    """Leave the process's environment as it was before the test."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Run an emulator of the China site, on a free port."""
    with Emulator() as running:
        yield running


@pytest.fixture
def function(emulator: Emulator) -> LocalFunction:
    """Return function 1 with that emulator as its API."""
    return LocalFunction(emulator.url)
