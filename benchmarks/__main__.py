"""The command behind `make bench`: builds and measures all, and prints the report, or writes it to RESULTS.md."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.building import FOLDER, prepare_entrants, prepare_tls
from benchmarks.measuring import WARM, measure_cold, measure_warm
from benchmarks.memory import INVOCATIONS, measure_each
from benchmarks.plot import Panel, draw
from benchmarks.report import Results, report, write_into
from benchmarks.scale import ENTRIES, PENDING, Scale, measure_scale
from benchmarks.server import serving

HERE = Path(__file__).parent
COLD_ROUNDS = {False: 2, True: 12}
WARM_ROUNDS = {False: 1, True: 5}
QUICK = ("no transport", "http")
"""The ways of warm invocations that are measured when there are no minutes."""


@click.command()
@click.option("--full", is_flag=True, help="Measure for minutes, and write RESULTS.md and scale.svg.")
def main(full: bool) -> None:  # noqa: FBT001 -- click gives it by name
    """Measure the cost of the functions next to that of other handlers."""
    steps = COLD_ROUNDS[full] + WARM_ROUNDS[full] + 1 + len(PENDING) + 2 * len(ENTRIES) + full + 3
    terminal = sys.stderr.isatty()
    bar = click.progressbar(length=steps, file=sys.stderr, hidden=not terminal, item_show_func=str)
    with bar as progress:
        began = time.monotonic()

        def told(what: str) -> None:
            progress.update(1, what)
            if not terminal:
                click.echo(f"{time.monotonic() - began:4.0f} s  {what}", err=True)

        _measure(told, full=full)


def _measure(told: Callable[[str], object], *, full: bool) -> None:
    told("building")
    tls = prepare_tls()
    entrants = prepare_entrants(tls)
    with serving(tls.certificate) as endpoints:
        cold = measure_cold(entrants, endpoints, tls, COLD_ROUNDS[full], told)
        ways = WARM if full else [way for way in WARM if way.name in QUICK]
        warm = measure_warm(entrants, endpoints, tls, WARM_ROUNDS[full], told, ways)
    scale = measure_scale(entrants, tls, 8 if full else 2, told)
    memory = {}
    if full:
        told("memory after many invocations")
        memory = measure_each(INVOCATIONS)
    text = report(Results(entrants, cold, warm, scale, memory, "make bench FULL=1" if full else "make bench"))
    drawing = draw(_panels(scale))
    if full:
        write_into(HERE / "RESULTS.md", text)
        (HERE / "scale.svg").write_text(drawing, encoding="utf-8")
    else:
        (FOLDER / "scale.svg").write_text(drawing, encoding="utf-8")
        click.echo(text)
    told("done")


def _panels(scale: Scale) -> list[Panel]:
    return [
        Panel("One event", "deliveries", "ms", [scale.batch]),
        Panel("One run of function 2", "pending contacts", "ms", [scale.pending]),
        Panel("One claim", "entries in the cooldown", "µs", [scale.memory, scale.store], 1e6, logarithmic=True),
    ]


if __name__ == "__main__":
    main(prog_name="make bench")
