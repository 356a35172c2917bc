"""Tries the tests in a copy of the project, each time in a process that is forked from this one.

This process has imported what is slow to import and does not change; never the project. It reads a line of JSON for
each trial, `{"tests": [[id, seconds], …]}`, and writes one: `{"verdict": …, "by": id or null}`.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

LIBRARIES = ("requests", "pydantic", "redis", "flask", "click", "trustme", "hypothesis")
"""Slow to import; those of them that the project requires are imported before the first trial."""

PLUGINS = ("pytest_socket", "xdist.plugin", "_hypothesis_pytestplugin")
"""Those of pytest that the tests need; the others that are installed take seconds to import."""

PYTEST_OPTIONS = ("-q", "-p", "no:cacheprovider", "--disable-plugin-autoload")

NO_TESTS = 5
"""The exit code of pytest if there are none."""

START_SECONDS = 60.0
"""For imports and for collecting the tests."""

TEST_SECONDS = 20.0
"""A test may take so long, and as long again as it is slow, since other mutants run at the same time."""


class _Trial:
    """A plugin of pytest that runs the given tests in the given order, each within its time."""

    def __init__(self, tests: Sequence[tuple[str, float]], answer: int) -> None:
        self._seconds = dict(tests)
        self._answer = answer

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        found = {item.nodeid: item for item in items}
        # Where the ids of tests are made of what is changed, those of the same function are the tests.
        renamed = {id_.partition("[")[0] for id_ in self._seconds if id_ not in found}
        items[:] = [found[id_] for id_ in self._seconds if id_ in found] + [
            item for item in items if item.nodeid not in self._seconds and item.nodeid.partition("[")[0] in renamed
        ]

    def pytest_runtest_protocol(self, item: Any) -> None:
        signal.setitimer(signal.ITIMER_REAL, TEST_SECONDS + 10 * self._seconds.get(item.nodeid, 1.0))

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            os.write(self._answer, f"{report.nodeid}\n".encode())


def main() -> None:
    """Answer each line of stdin."""
    required = Path("pyproject.toml").read_text(encoding="utf-8") if Path("pyproject.toml").exists() else ""
    for library in ("pytest", *PLUGINS, *(each for each in LIBRARIES if f'"{each}>=' in required)):
        import_module(library)
    for line in sys.stdin:
        print(json.dumps(_tried([tuple(test) for test in json.loads(line)["tests"]])), flush=True)  # noqa: T201 -- the answer


def _tried(tests: Sequence[tuple[str, float]]) -> dict[str, object]:
    with TemporaryFile("w+") as answer:  # a pipe would stay open as long as any process that a test started
        child = os.fork()
        if not child:
            _run(tests, answer.fileno())
        _, status = os.waitpid(child, 0)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        answer.seek(0)
        failed = answer.read().splitlines()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return {"verdict": "timeout", "by": None}
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return {"verdict": "survived", "by": None}
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == NO_TESTS:
        return {"verdict": "no tests", "by": None}
    return {"verdict": "killed", "by": failed[0] if failed else None}


def _run(tests: Sequence[tuple[str, float]], answer: int) -> None:
    """Run tests as pytest does, in a group of processes of their own, and end this process with its exit code."""
    os.setsid()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process wherever it is
    signal.setitimer(signal.ITIMER_REAL, START_SECONDS)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    files = dict.fromkeys(id_.partition("::")[0] for id_, _ in tests)
    import pytest

    code = 3
    plugins = [*map(import_module, PLUGINS), _Trial(tests, answer)]
    try:
        code = pytest.main(["-x", *PYTEST_OPTIONS, *files], plugins=plugins)
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
