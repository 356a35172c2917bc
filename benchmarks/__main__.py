"""The command behind `make bench`: builds and measures all, and prints the report, or writes it down."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from benchmarks.building import FOLDER, OURS, Entrant, Tls, prepare_entrants, prepare_tls
from benchmarks.cpu_quota import NoQuota
from benchmarks.first_answers import MEMORY_MB, RUNTIME, first_answer_table, measure_first_answers
from benchmarks.measuring import WARM, measure_cold, measure_warm
from benchmarks.memory import INVOCATIONS, measure_each
from benchmarks.plot import Panel, draw
from benchmarks.report import Results, about_machine, report, write_into
from benchmarks.scale import ENTRIES, PENDING, Scale, measure_scale
from benchmarks.server import serving

HERE = Path(__file__).parent
PERFORMANCE = HERE.parent / "docs" / "performance.md"
COLD_ROUNDS = {False: 2, True: 12}
WARM_ROUNDS = {False: 1, True: 5}
FIRST_ROUNDS = {False: 1, True: 5}
QUICK = ("no transport", "http")
"""The ways of warm invocations that are measured when there are no minutes."""


@click.command()
@click.option("--full", is_flag=True, help="Measure for minutes; write RESULTS.md, scale.svg and docs/performance.md.")
@click.option("--first", is_flag=True, help="Measure first answers by vCPU only, and write docs/performance.md.")
def main(*, full: bool, first: bool) -> None:
    """Measure the cost of the functions next to that of other handlers."""
    steps = COLD_ROUNDS[full] + WARM_ROUNDS[full] + 1 + len(PENDING) + 2 * len(ENTRIES) + full + 3
    steps = (2 if first else steps) + FIRST_ROUNDS[full or first]
    bar = click.progressbar(length=steps, file=sys.stderr, hidden=not sys.stderr.isatty(), item_show_func=str)
    with bar as progress:

        def told(what: str) -> None:
            progress.update(1, what)

        told("building")
        tls = prepare_tls()
        entrants = prepare_entrants(tls)
        if not first:
            _measure(entrants, tls, told, full=full)
        try:
            _measure_first_answers(entrants, tls, told, kept=full or first)
        except NoQuota as error:
            if first:
                raise click.ClickException(str(error)) from None
            click.echo(f"First answers by vCPU were not measured. {error}", err=True)
        told("done")


def _measure_first_answers(entrants: Sequence[Entrant], tls: Tls, told: Callable[[str], object], *, kept: bool) -> None:
    sizes = tuple(MEMORY_MB)[0 if kept else 1 :]  # the smallest takes longer than all others together
    with serving(tls.certificate) as endpoints:
        seconds = measure_first_answers(entrants, endpoints.of("https"), tls, FIRST_ROUNDS[kept], told, sizes)
    table = list(first_answer_table(seconds))
    if kept:
        measured = [each.interpreter for each in entrants if (each.contender, each.target.runtime) == (OURS, RUNTIME)]
        about = [*about_machine(measured, "make bench FIRST=1"), f"- Rounds: {FIRST_ROUNDS[kept]}"]
        write_into(PERFORMANCE, "\n".join([*about, "", *table]) + "\n")
    else:
        click.echo("\n".join(["## First answers by vCPU", "", *table]))


def _measure(entrants: Sequence[Entrant], tls: Tls, told: Callable[[str], object], *, full: bool) -> None:
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


def _panels(scale: Scale) -> list[Panel]:
    return [
        Panel("One event", "deliveries", "ms", [scale.batch]),
        Panel("One run of function 2", "pending contacts", "ms", [scale.pending]),
        Panel("One claim", "entries in the cooldown", "µs", [scale.memory, scale.store], 1e6, logarithmic=True),
    ]


if __name__ == "__main__":
    main(prog_name="make bench")
