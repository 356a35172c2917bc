"""`python -m tests.simulation`: runs schedules by their seeds, or shows what one of them finds; see `make simulate`."""

import argparse
import json
import os
import sys
import time

import click

from tests.simulation.search import Totals, search
from tests.simulation.shrink import described, shrunk

MAX_SHOWN = 5


def main() -> int:
    """Run, say what came of it, and return the exit code: 1 if there was a finding."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10_000, help="run so many (default: 10000)")
    parser.add_argument("--first", type=int, default=0, help="from this one on (default: 0)")
    parser.add_argument("--seed", type=int, help="run this one alone, shrink it, and show each step")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes (default: all cores)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    arguments = parser.parse_args()
    if arguments.seeds < 1 or arguments.jobs < 1:
        parser.error("--seeds and --jobs must be at least 1")
    if arguments.seed is not None:
        schedule = shrunk(arguments.seed)
        print("\n".join(described(schedule)))
        return 1 if schedule.outcome.findings else 0
    started = time.monotonic()
    shown = click.progressbar(
        length=arguments.seeds, label="Schedules", show_pos=True, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
    with shown as bar:
        seeds = range(arguments.first, arguments.first + arguments.seeds)
        totals = search(seeds, arguments.jobs, lambda done: bar.update(done - bar.pos))
    _print(totals, time.monotonic() - started, as_json=arguments.json)
    return 1 if totals.found else 0


def _print(totals: Totals, seconds: float, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**totals._asdict(), "seconds": round(seconds, 1)}))
        return
    print(
        f"{totals.schedules} schedules in {seconds:.0f} s: {totals.invocations} invocations, {totals.texts} texts, "
        f"{totals.steps} steps, {sum(totals.faults.values())} faults; {len(totals.found)} findings."
    )
    for fault, count in sorted(totals.faults.items(), key=lambda each: -each[1]):
        print(f"{count:10} {fault}")
    for seed, finding in totals.found[:MAX_SHOWN]:
        print(f"make simulate SEED={seed}: {finding}")


if __name__ == "__main__":
    sys.exit(main())
