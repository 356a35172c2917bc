"""Has mutants tried, each in a copy of the project."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, NamedTuple

from tests.interpreters import untraced
from tests.mutants import trial
from tests.mutants.copies import Copy, copied
from tests.mutants.mutant import Mutant
from tests.mutants.recording import RecordedTest

Verdict = Literal["killed", "timeout", "survived", "uncovered"]
"""`timeout` counts as killed; `uncovered` as survived: no test runs the changed code."""

FIRST_TESTS_SECONDS = 3.0
"""Most mutants are noticed by tests that take so long together; collecting all others is slow."""

MAX_TESTS_SECONDS = 90.0
"""For all tests of a mutant together; slower ones are left out."""


class Result(NamedTuple):
    """What became of a mutant: the test that noticed it, if one did, and how many tests did not."""

    mutant: Mutant
    verdict: Verdict
    by: str | None
    tests: int
    left_out: int

    @property
    def has_survived(self) -> bool:
        """Whether no test noticed it."""
        return self.verdict in ("survived", "uncovered")


class Tester:
    """A copy of a project, and the warm process that runs tests in it."""

    def __init__(self, copy: Copy, process: "subprocess.Popen[str]") -> None:
        self._copy = copy
        self._process = process

    def try_(self, mutant: Mutant, source: bytes, tests: Sequence[RecordedTest]) -> Result:
        """Run the tests that have to notice a mutant, until one does."""
        chosen = list(_within_time(tests, MAX_TESTS_SECONDS))
        first = list(_within_time(chosen, FIRST_TESTS_SECONDS))
        with self._copy.having(mutant.module, mutant.applied_to(source)):
            for part in (first, chosen[len(first) :]):
                if part:
                    verdict, by = self.run(part)
                    if verdict != "survived":
                        return Result(mutant, verdict, by, len(chosen), len(tests) - len(chosen))
        return Result(mutant, "survived" if chosen else "uncovered", None, len(chosen), len(tests) - len(chosen))

    def run(self, tests: Sequence[RecordedTest]) -> tuple[Verdict, str | None]:
        """Run tests until one fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"tests": [[test.id, test.seconds] for test in tests]}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if answer["verdict"] == "no tests":
            raise RuntimeError(f"none of these tests is there: {[test.id for test in tests]}")
        return answer["verdict"], answer["by"]


@contextmanager
def tester(project: Path) -> Iterator[Tester]:
    """Make a copy of a project, and start the process that runs tests in it."""
    with copied(project) as copy:
        process = subprocess.Popen(
            [copy.python, "-m", trial.__name__],
            cwd=copy.root,
            env=untraced(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield Tester(copy, process)
        finally:
            process.terminate()
            process.wait()


Trial = tuple[Mutant, bytes, Sequence[RecordedTest]]


def results_of(project: Path, trials: Iterable[Trial], jobs: int) -> Iterator[Result]:
    """Yield what became of each mutant, in the order in which this is known; `trials` is read as they are tried.

    Raises:
        RuntimeError: tests fail without any change.

    """
    with ExitStack() as stack:
        idle: SimpleQueue[Tester] = SimpleQueue()
        for _ in range(jobs):
            idle.put(stack.enter_context(tester(project)))

        def tried(mutant: Mutant, source: bytes, tests: Sequence[RecordedTest]) -> Result:
            chosen = idle.get()
            try:
                return chosen.try_(mutant, source, tests)
            finally:
                idle.put(chosen)

        threads = stack.enter_context(ThreadPoolExecutor(jobs))
        left = iter(trials)
        running: set[Future[Result]] = set()
        while started := [threads.submit(tried, *each) for each in islice(left, jobs - len(running))] or running:
            running |= set(started)
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)


def _within_time(tests: Sequence[RecordedTest], seconds: float) -> Iterator[RecordedTest]:
    """Yield as many of the tests, the fastest of which come first, as take this long together; at least one."""
    total = 0.0
    for index, test in enumerate(tests):
        total += test.seconds
        if index and total > seconds:
            return
        yield test
