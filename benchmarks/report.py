"""Says what was measured, as Markdown: pairwise ratios against the targets first, then figures, then scale."""

import os
import platform
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles

from benchmarks.building import CONTENDERS, OURS, PLAIN, SDK, SDK_POWERTOOLS, Contender, Entrant
from benchmarks.measuring import COLD, IGNORED, INVOCATIONS, MIB, WARM, Sample
from benchmarks.scale import SENDS, Curve, Scale

BEGIN, END = "<!-- figures: written by the command -->", "<!-- figures: end -->"


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio of ours to a peer that is not to be more than `at_most`, and that would be good at `reach_for`."""

    title: str
    figure: str
    ways: tuple[str, ...]
    peer: Contender
    at_most: float
    reach_for: float


_STARTS = tuple(way.name for way in COLD)
GOALS = (
    *(
        Goal(f"cold start, {title}", figure, _STARTS, peer, at_most, reach_for)
        for peer, at_most, reach_for in ((SDK, 0.5, 0.4), (SDK_POWERTOOLS, 0.4, 0.3), (PLAIN, 0.9, 0.75))
        for title, figure in (("CPU", "cpu"), ("wall", "wall"))
    ),
    Goal("peak RSS", "rss", _STARTS, SDK, 0.65, 0.6),
    Goal("peak RSS", "rss", _STARTS, PLAIN, 0.95, 0.85),
    Goal("warm, without transport", "median", ("no transport",), PLAIN, 0.6, 0.4),
)
ZIP_AT_MOST, ZIP_REACH_FOR = 0.45, 0.35


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured in one run."""

    entrants: Sequence[Entrant]
    cold: Sequence[Sample]
    warm: Sequence[Sample]
    scale: Scale
    memory: Mapping[str, Mapping[int, int]]
    command: str

    @property
    def runtimes(self) -> list[str]:
        """The Pythons, newest first."""
        return list(dict.fromkeys(entrant.target.runtime for entrant in self.entrants))

    def figures(self, runtime: str, contender: Contender, way: str, figure: str) -> dict[int, float]:
        """Return a figure of each round."""
        return {
            sample.round: sample.figures[figure]
            for sample in (*self.cold, *self.warm)
            if (sample.runtime, sample.contender, sample.way) == (runtime, contender.name, way)
            and figure in sample.figures
        }

    def ratios(self, runtime: str, peer: Contender, way: str, figure: str) -> list[float]:
        """Return ours to a peer's of each round."""
        ours, theirs = (self.figures(runtime, each, way, figure) for each in (OURS, peer))
        return [ours[number] / theirs[number] for number in ours]

    def entrant(self, runtime: str, contender: Contender) -> Entrant:
        """Return a contender on a Python."""
        (found,) = (each for each in self.entrants if (each.target.runtime, each.contender) == (runtime, contender))
        return found


def report(results: Results) -> str:
    """Return the whole report."""
    return (
        "\n".join([*_about(results), *_goals(results), *_figures(results), *_scale(results.scale), *_memory(results)])
        + "\n"
    )


def write_into(path: Path, text: str) -> None:
    """Put a report in the place of the one that is there, and leave what was written around it as it is."""
    around = path.read_text(encoding="utf-8") if path.exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = around.partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}", encoding="utf-8")


def about_machine(interpreters: Iterable[Path], command: str) -> Iterator[str]:
    """Yield what figures were measured on, when, and by which command."""
    cpus = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    model = cpus[1] if cpus else platform.machine()
    yield f"- Machine: {os.cpu_count()} cores of {model}, {system}; CPython {', '.join(map(_version, interpreters))}"
    yield f"- Date: {date.today().isoformat()}"  # noqa: DTZ011 -- the day where it runs
    yield f"- Command: `{command}`"


def _about(results: Results) -> Iterator[str]:
    interpreters = [results.entrant(runtime, OURS).interpreter for runtime in results.runtimes]
    yield from about_machine(interpreters, results.command)
    rounds = len({sample.round for sample in results.cold}), len({s.round for s in results.warm if s.way == "http"})
    yield f"- Rounds: {rounds[0]} of cold starts, {rounds[1]} of warm invocations, with three turns without transport"
    yield f"- Warm invocations: {INVOCATIONS} in each round or turn, after {IGNORED} that do not count"
    yield ""


def _goals(results: Results) -> Iterator[str]:
    yield "## Ours in pairs with the peers"
    yield ""
    yield "Each is the median of the ratios of all rounds, with its quartiles; less is better."
    yield ""
    columns = [(runtime, way) for runtime in results.runtimes for way in (0, 1)]
    names = [f"{_short(runtime)}, {_STARTS[way]}" for runtime, way in columns]
    yield _row("figure", "against", "at most", "reach for", *names)
    yield _row(*["---"] * (4 + len(names)))
    for goal in GOALS:
        cells = []
        for runtime, way in columns:
            ratios = results.ratios(runtime, goal.peer, goal.ways[way], goal.figure) if way < len(goal.ways) else []
            if not ratios:
                cells.append("")
                continue
            cells.append(_judged(_spread(ratios, _ratio), median(ratios), goal.at_most, goal.reach_for))
        yield _row(goal.title, goal.peer.name, f"{goal.at_most:.2f}", f"{goal.reach_for:.2f}", *cells)
    cells = []
    for runtime, way in columns:
        ours, theirs = (results.entrant(runtime, each).size.zipped for each in (OURS, SDK))
        ratio = ours / theirs
        cells.append("" if way else _judged(_ratio(ratio), ratio, ZIP_AT_MOST, ZIP_REACH_FOR))
    yield _row("zip with bytecode", SDK.name, f"{ZIP_AT_MOST:.2f}", f"{ZIP_REACH_FOR:.2f}", *cells)
    yield ""
    yield "What is the same over http and over TLS stands in the first of the two columns."
    yield ""


def _figures(results: Results) -> Iterator[str]:
    tall = (
        ("cold start, wall, ms", "wall", _milliseconds),
        ("cold start, CPU, ms", "cpu", _milliseconds),
        ("import, ms", "import", _milliseconds),
        ("first invocation, ms", "first", _milliseconds),
        ("peak RSS, MiB", "rss", lambda value: f"{value / MIB:.1f}"),
        ("modules", "modules", lambda value: f"{value:.0f}"),
    )
    for runtime in results.runtimes:
        yield f"## Figures on {_short(runtime)}"
        yield ""
        yield "Medians, with quartiles in brackets."
        yield ""
        yield _row("figure", *(contender.name for contender in CONTENDERS))
        yield _row(*["---"] * (1 + len(CONTENDERS)))
        for way in COLD:
            for title, figure, form in tall:
                if figure == "modules" and way is not COLD[0]:
                    continue
                yield _row(f"{title}, {way.name}", *_cells(results, runtime, way.name, figure, form))
        measured = {sample.way for sample in results.warm}
        for way in (each for each in WARM if each.name in measured):
            for figure in ("median", "p99"):
                yield _row(
                    f"warm, {way.name}, {figure}, µs", *_cells(results, runtime, way.name, figure, _microseconds)
                )
        sizes = [results.entrant(runtime, contender).size for contender in CONTENDERS]
        yield _row("zip with bytecode, MB", *(f"{size.zipped / 1e6:.2f}" for size in sizes))
        yield _row("unpacked with bytecode, MB", *(f"{size.unpacked / 1e6:.1f}" for size in sizes))
        yield ""


def _scale(scale: Scale) -> Iterator[str]:
    yield "## Scale"
    yield ""
    yield "![Cost against deliveries, pending contacts and cooldown entries](scale.svg)"
    yield ""
    yield from _curve("deliveries", scale.batch, "One event, sent over http to a local server.", "ms", 1e3)
    about = f"One run of function 2 with {SENDS} sends in it: pages of 100, over http from a local server."
    yield from _curve("pending", scale.pending, about, "ms", 1e3)
    about = "One claim and what settles it, in a store that holds so many others."
    yield from _curve("entries in memory", scale.memory, about, "µs", 1e6)
    yield from _curve("entries in Valkey", scale.store, "The same, on the same machine.", "µs", 1e6)


def _memory(results: Results) -> Iterator[str]:
    if not results.memory:
        return
    yield "## Memory of a process that lives long"
    yield ""
    yield "RSS in MiB after so many invocations, each an event that sends a text, by where the records are kept."
    yield "The benchmark's own imports count in."
    yield ""
    counts = list(next(iter(results.memory.values())))
    yield _row("records", *(f"{count:,}" for count in counts))
    yield _row(*["---"] * (1 + len(counts)))
    for name, measured in results.memory.items():
        yield _row(name, *(f"{measured[count] / MIB:.1f}" for count in counts))
    yield ""


def _curve(title: str, curve: Curve, about: str, unit: str, factor: float) -> Iterator[str]:
    fixed, each = curve.line
    with_memory = any(point.rss for point in curve.points)
    yield f"{about} The line: {fixed * factor:.3g} {unit} and {each * factor:.3g} {unit} for each; no point is farther"
    yield f"from it than {curve.deviation:.0%} of itself."
    yield ""
    yield _row(title, unit, "on the line", *(["peak RSS, MiB"] if with_memory else []))
    yield _row(*["---"] * (3 + with_memory))
    for point in curve.points:
        cost = f"{point.middle * factor:.3g} [{point.low * factor:.3g}, {point.high * factor:.3g}]"
        memory = [f"{point.rss / MIB:.1f}"] if point.rss else []
        yield _row(f"{point.size:,}", cost, f"{(fixed + each * point.size) * factor:.3g}", *memory)
    yield ""


def _cells(results: Results, runtime: str, way: str, figure: str, form: Callable[[float], str]) -> Iterator[str]:
    for contender in CONTENDERS:
        values = list(results.figures(runtime, contender, way, figure).values())
        yield _spread(values, form)


def _spread(values: Sequence[float], form: Callable[[float], str]) -> str:
    if len(set(map(form, values))) <= 1:
        return "".join(map(form, values[:1]))
    low, _, high = quantiles(values, n=4, method="inclusive")
    return f"{form(median(values))} [{form(low)}, {form(high)}]"


def _judged(text: str, ratio: float, at_most: float, reach_for: float) -> str:
    return f"{text} {'reached' if ratio <= reach_for else 'holds' if ratio <= at_most else '**missed**'}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _short(runtime: str) -> str:
    return runtime.removeprefix("python")


def _ratio(value: float) -> str:
    return f"{value:.2f}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.0f}" if seconds > 0.1 else f"{seconds * 1e3:.1f}"


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.0f}"


def _version(interpreter: Path) -> str:
    command = [str(interpreter), "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout.strip()  # noqa: S603 -- our own words
