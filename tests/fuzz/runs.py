"""Runs many hostile events, in several processes, and counts what came of them."""

import collections
import itertools
import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.mutations import HostileEvent, hostile_event
from tests.fuzz.target import Finding, Target, judge, refusing_endpoint

FINDINGS = Path(".fuzz")
BATCH = 1000


@dataclass
class Totals:
    """What came of many events."""

    events: int = 0
    kinds: collections.Counter[str] = field(default_factory=collections.Counter)
    findings: list[str] = field(default_factory=list)
    most_cpu_seconds: float = 0
    most_growth_kilobytes: int = 0

    def add(self, other: "Totals") -> None:
        """Count in what came of others."""
        self.events += other.events
        self.kinds += other.kinds
        self.findings += other.findings
        self.most_cpu_seconds = max(self.most_cpu_seconds, other.most_cpu_seconds)
        self.most_growth_kilobytes = max(self.most_growth_kilobytes, other.most_growth_kilobytes)


def run_batches(seed: int, ranges: Iterator[range], jobs: int) -> Iterator[Totals]:
    """Yield what came of each range of events, as soon as it is there; a range is taken when a process is free."""
    running: set[Future[Totals]] = set()
    # Each process starts afresh: what it takes of memory is its own.
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        while True:
            # A terminal's Ctrl+C reaches these processes too. They inherit that it is blocked, and end their batch.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            running |= {
                pool.submit(run_batch, seed, numbers) for numbers in itertools.islice(ranges, jobs - len(running))
            }
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


def run_batch(seed: int, numbers: range) -> Totals:
    """Return what came of the events with these numbers; save those that are findings."""
    totals = Totals(len(numbers))
    with refusing_endpoint() as endpoint:
        target = Target(endpoint)
        for number in numbers:
            event = hostile_event(seed, number)
            came_out = target(event)
            totals.most_cpu_seconds = max(totals.most_cpu_seconds, came_out.cpu_seconds)
            totals.most_growth_kilobytes = max(totals.most_growth_kilobytes, came_out.growth_kilobytes)
            try:
                totals.kinds[judge(event, came_out)] += 1
            except Exception as finding:  # noqa: BLE001 -- what cannot be judged is a finding too
                totals.kinds["FINDING"] += 1
                totals.findings.append(f"{_save(event, seed, number)}: {said(finding)}")
    return totals


def _save(event: HostileEvent, seed: int, number: int) -> Path:
    FINDINGS.mkdir(exist_ok=True)
    function = "resend" if event.ticks else "send"
    path = FINDINGS / f"{seed}-{number}-{function}-{event.marker}-{event.number}"
    path.write_bytes(event.content)
    return path


def said(finding: Exception) -> str:
    """Return what a finding is, in a line."""
    return str(finding) if isinstance(finding, Finding) else repr(finding)
