"""The command behind `make drill`."""

import json
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from local.drill.alerts import Alert, read_alerts
from local.drill.causes import CAUSES
from local.drill.served import Entry, NotServed, Served, serving
from local.one_of import OneOf

_OF_EVERY_LINE = {
    *("timestamp", "level", "message", "service", "function_version", "function_memory_size", "correlation_id"),
    *("cold_start", "region", "retry_count", "exception"),
}

_SHOWN = 200
"""How many characters of a line of the platform are shown: a trace is long, and whole in the log."""


@click.command()
@click.option("--alert", envvar="ALERT", type=OneOf(CAUSES, "ALERT"), help="Play the cause of this one alone.")
@click.option("--json", "as_json", envvar="JSON", is_flag=True, help="Print one JSON object for each entry of the log.")
def main(*, alert: str | None, as_json: bool) -> None:
    """Play the cause of each alert on this machine, and show the log entries that an operator will find.

    No account is needed, and nothing is sent. docs/runbook.md says what to do when the alert fires.
    """
    alerts = {each.name: each for each in read_alerts()}
    wanted = [alerts[name] for name in CAUSES if alert in (None, name)]
    bar = click.progressbar(length=len(wanted), label="Drill", file=sys.stderr, hidden=not sys.stderr.isatty())
    found: list[tuple[Alert, list[Entry]]] = []
    try:
        with bar as progress:
            for played in _play(wanted):
                found.append(played)
                progress.update(1)
    except NotServed as error:
        raise click.ClickException(f"fcapi serve did not start. {error}") from None
    for each, entries in found:
        for line in _as_json(each, entries) if as_json else _told(each, entries):
            click.echo(line)


def _play(wanted: Iterable[Alert]) -> Iterator[tuple[Alert, list[Entry]]]:
    """Yield each alert with what is in the log after its cause."""
    with ExitStack() as stack:
        running: dict[bool, Served] = {}
        for alert in wanted:
            cause = CAUSES[alert.name]
            if cause.has_store not in running:
                running[cause.has_store] = stack.enter_context(_without_store() if cause.has_store else serving({}))
            served = running[cause.has_store]
            served.begin_anew()
            cause.play(served)
            yield alert, list(served.entries())


@contextmanager
def _without_store() -> Iterator[Served]:
    """Serve functions whose store is down: nothing listens at its port, which is kept from others."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as closed:
        ca = Path(shutil.copy(DEFAULT_CA_BUNDLE_PATH, folder))
        closed.bind(("127.0.0.1", 0))
        settings = {
            "COOLDOWN_STORE_URL": f"rediss://127.0.0.1:{closed.getsockname()[1]}/0",
            "COOLDOWN_HASH_KEY": "a key for the drill, of 32 bytes at least",
            "COOLDOWN_STORE_CA": str(ca),
        }
        with serving(settings, ca) as served:
            yield served


def _as_json(alert: Alert, entries: Iterable[Entry]) -> Iterator[str]:
    return (json.dumps({"alert": alert.name, "entry": entry}) for entry in entries)


def _told(alert: Alert, entries: Iterable[Entry]) -> Iterator[str]:
    cause = CAUSES[alert.name]
    yield click.style(f"{alert.name}: {alert.title}", bold=True)
    also = f" Fires, too: {', '.join(sorted(cause.also))}." if cause.also else ""
    for label, text in (
        ("Cause", f"{cause.told}.{also}"),
        ("Alert", alert.description),
        ("Query", alert.query),
        ("Runbook", alert.runbook),
    ):
        yield f"  {label:8} {text}"
    for entry in entries:
        if line := _line(entry):
            yield f"    {line}"
    yield ""


def _line(entry: Entry) -> str:
    """Return what an operator looks for in an entry, nothing where that is not worth a look.

    Of a line of ours, it is the fields that are not in each of them; of the platform's words, the begin of an error.
    """
    message = entry.get("message")
    if isinstance(message, str):
        return f"{message[:_SHOWN]}{' …' if len(message) > _SHOWN else ''}" if "rror" in message else ""
    fields = {name: value for name, value in (message or entry).items() if name not in _OF_EVERY_LINE}
    told = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    return f"{message['message']}: {told}" if message else f"record of an execution: {told}"


if __name__ == "__main__":
    main(prog_name="make drill")
