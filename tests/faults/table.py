"""Makes docs/faults.md of what was observed."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.faults.bench import CELLS, LATER_SECONDS, Answered, Observed, StoreName, Way
from tests.faults.faults import SECTIONS, Fault

FILE = Path(__file__).parents[2] / "docs" / "faults.md"

Observations = Mapping[Way, Mapping[StoreName, Observed]]
"""What was seen of one fault."""

_HEAD = f"""\
# What becomes of a request when something fails

Each row is one fault and its result. `make faults` generates this page: it tries each fault on the real handler, over
HTTP and as an event, with the cooldown in memory and in a Valkey server, against the emulator and a server that
misbehaves at the socket. All four must give the same result; `make test` checks that they still do.

- *HTTP*: status and Code of the reply, with its Retry-After in brackets. *Event*: the Status in the result, or the
  exception and the Code that it names.
- *Attempts*: the calls of the API; in brackets the seconds between them, with the longest possible jitter.
- *Log*: the level of the delivery's line, and its `upstream_code`. Its `code` is that of the reply.
- *Texts*: the texts that went out.
- *Asked again*: {LATER_SECONDS} seconds later the fault is over, and the same request comes again, to an instance with
  the same store. The texts are those of both times: never two.
"""

_COLUMNS = ("fault", "outcome", "HTTP", "event", "attempts", "log", "texts", "asked again: HTTP", "event", "texts")


class CellsDiffer(Exception):
    """A fault does not come to the same with both stores, or by both ways in where they should be alike."""


def document(observations: Mapping[str, Observations]) -> str:
    """Return the whole document; `observations` by the names of faults."""
    return "\n".join([_HEAD, *_sections(observations)])


def by_cell(observed: Sequence[Observed]) -> Observations:
    """Return what was seen of one fault, given in the order of `CELLS`."""
    cells: dict[Way, dict[StoreName, Observed]] = {"http": {}, "event": {}}
    for (way, store), seen in zip(CELLS, observed, strict=True):
        cells[way][store] = seen
    return cells


def _sections(observations: Mapping[str, Observations]) -> Iterator[str]:
    for title, faults in SECTIONS.items():
        yield f"## {title}\n"
        yield _line(_COLUMNS)
        yield _line(["---"] * len(_COLUMNS))
        for fault in faults:
            yield _line(_row(fault, observations[fault.name]))
        yield ""


def _row(fault: Fault, observations: Observations) -> Sequence[str]:
    http = _same(fault, observations["http"])
    event = _same(fault, observations["event"])
    if _common(http) != _common(event):
        raise CellsDiffer(fault.name)
    waits = ", ".join(f"{wait:g}" for wait in http.waits)
    upstream_code = http.logged.upstream_code
    return (
        fault.name,
        f"`{http.logged.outcome}`",
        _shown(http.answered),
        _shown(event.answered),
        f"{http.logged.attempts}" + (f" ({waits})" if waits else ""),
        http.logged.level + (f" `{upstream_code}`" if upstream_code else ""),
        str(http.texts),
        _shown(http.answered_later),
        _shown(event.answered_later),
        str(http.texts_later),
    )


def _same(fault: Fault, by_store: Mapping[StoreName, Observed]) -> Observed:
    if by_store["memory"] != by_store["Valkey"]:
        raise CellsDiffer(fault.name)
    return by_store["memory"]


def _common(observed: Observed) -> tuple[object, ...]:
    """Return what has nothing to do with the way in."""
    return (observed.logged, observed.waits, observed.texts, observed.logged_later, observed.texts_later)


def _shown(answered: Answered) -> str:
    code = f" `{answered.code}`" if answered.code else ""
    retry_after = f" ({answered.retry_after})" if answered.retry_after else ""
    return f"{answered.reply}{code}{retry_after}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
