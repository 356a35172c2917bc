"""`python -m tests.fuzz`: hostile events as long as asked, or one that was found before; see `make fuzz`."""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tests.fuzz.mutations import HostileEvent
from tests.fuzz.runs import BATCH, Totals, run_batches, said
from tests.fuzz.target import Target, judge, refusing_endpoint

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

INTERRUPTED = 130
"""The exit code of what Ctrl+C ended, as shells have it."""


def main() -> int:
    """Run, say what came of it, and return the exit code: 1 if there was a finding."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, help="run about so long")
    parser.add_argument("--events", type=int, help="run so many events")
    parser.add_argument("--seed", type=int, help="which events (default: others each time)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (default: 1)")
    parser.add_argument("--json", action="store_true", help="print the totals as one line of JSON")
    parser.add_argument("again", nargs="?", type=Path, help="run the event in this file alone")
    arguments = parser.parse_args()
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    if arguments.again:
        return _run_again(arguments.again)
    seconds = arguments.seconds or (None if arguments.events else 60.0)
    started = time.monotonic()
    totals, is_interrupted = Totals(), False
    try:
        print(f"events of seed {seed}; Ctrl+C ends it with the totals", file=sys.stderr, flush=True)  # noqa: T201 -- this is a command
        _run(totals, seed, arguments.events, seconds, arguments.jobs, started)
    except KeyboardInterrupt:
        is_interrupted = True
    spent = time.monotonic() - started
    if arguments.json:
        print(json.dumps({"seed": seed, "seconds": round(spent, 1), **vars(totals)}))  # noqa: T201 -- this is a command
    else:
        _print_totals(totals, seed, spent)
    return 1 if totals.findings else INTERRUPTED if is_interrupted else 0


def _run(totals: Totals, seed: int, events: int | None, seconds: float | None, jobs: int, started: float) -> None:
    """Add what came of each batch to the totals, which are right too where this is interrupted."""
    shown: ProgressBar[int] = click.progressbar(
        length=events or int(seconds or 0),
        label="Events" if events else "Seconds",
        show_pos=True,
        item_show_func=lambda _: f"{totals.events} events, {len(totals.findings)} findings",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    )
    with shown as bar:
        for batch in run_batches(seed, _batches(events, seconds, started), jobs):
            totals.add(batch)
            done = totals.events if events else int(time.monotonic() - started)
            bar.update(done - bar.pos)


def _batches(events: int | None, seconds: float | None, started: float) -> Iterator[range]:
    """Yield ranges of the events' numbers, until there are enough of them or time is up."""
    for first in range(0, events or sys.maxsize, BATCH):
        if seconds is not None and time.monotonic() > started + seconds:
            return
        yield range(first, min(first + BATCH, events or sys.maxsize))


def _run_again(path: Path) -> int:
    _, _, function, marker, number = path.name.split("-")
    event = HostileEvent(path.read_bytes(), marker, number, ticks=function == "resend")
    with refusing_endpoint() as endpoint:
        try:
            print(judge(event, Target(endpoint)(event)))  # noqa: T201 -- this is a command
        except Exception as finding:  # noqa: BLE001 -- as above
            print(said(finding))  # noqa: T201 -- this is a command
            return 1
    return 0


def _print_totals(totals: Totals, seed: int, seconds: float) -> None:
    lines = [f"{count:>9} {kind}" for kind, count in totals.kinds.most_common()]
    lines += [f"finding: {finding}" for finding in totals.findings[:20]]
    lines.append(
        f"{totals.events} events of seed {seed} in {seconds:.0f} s, {totals.events / seconds:.0f} a second; at most"
        f" {totals.most_cpu_seconds * 1000:.0f} ms of CPU time and {totals.most_growth_kilobytes} KB more memory for"
        f" one; {len(totals.findings)} findings"
    )
    print("\n".join(lines))  # noqa: T201 -- this is a command


if __name__ == "__main__":
    sys.exit(main())
