"""Runs many seeds on all cores, and adds up what they found."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from tests.simulation.run import run
from tests.simulation.schedule import Explorer, scenario_of

CHUNK = 50
"""So many schedules take less than a second: after Ctrl+C, those that have begun are waited for."""

MAX_FINDING = 200


class Totals(NamedTuple):
    """What some seeds came to: how much happened, how often each fault, and what each failing seed found."""

    schedules: int = 0
    steps: int = 0
    invocations: int = 0
    texts: int = 0
    faults: Counter[str] = Counter()  # noqa: RUF012 -- never changed, only added to
    found: tuple[tuple[int, str], ...] = ()

    def plus(self, other: "Totals") -> "Totals":
        """Return both together."""
        return Totals(
            self.schedules + other.schedules,
            self.steps + other.steps,
            self.invocations + other.invocations,
            self.texts + other.texts,
            self.faults + other.faults,
            self.found + other.found,
        )


def totals_of(seeds: range) -> Totals:
    """Run these seeds, one after the other."""
    totals = Totals()
    faults: Counter[str] = Counter()
    for seed in seeds:
        outcome = run(scenario_of(seed), Explorer(seed))
        faults.update(deviation.fault for deviation in outcome.deviations)
        found = tuple((seed, finding) for finding in outcome.findings[:1])
        totals = totals.plus(Totals(1, outcome.steps, outcome.invocations, outcome.texts, Counter(), found))
    return totals._replace(faults=faults)


def search(seeds: range, jobs: int, progress: Callable[[int], object]) -> Totals:
    """Run these seeds in so many processes; `progress` is told how many are done."""
    totals = Totals()
    chunks = list(_chunks(seeds))
    with ProcessPoolExecutor(jobs) as processes:
        try:
            # Processes keep the signals blocked that are so when they start: Ctrl+C is for this one alone.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            parts = processes.map(totals_of, chunks)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            for part in parts:
                totals = totals.plus(part)
                progress(totals.schedules)
        finally:
            processes.shutdown(cancel_futures=True)  # after what has begun
    return totals


def first_found(seeds: range) -> tuple[int, str] | None:
    """Return the first of these seeds that finds something, and what."""
    for seed in seeds:
        findings = run(scenario_of(seed), Explorer(seed)).findings
        if findings:
            return seed, findings[0][:MAX_FINDING]
    return None


def _chunks(seeds: range) -> Iterator[range]:
    for first in range(seeds.start, seeds.stop, CHUNK):
        yield range(first, min(first + CHUNK, seeds.stop))
