"""Log lines for people: a readable one for each line that a function wrote, and none for what only tools read."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import IO, Any, Literal, TextIO

import click

import fcapi.errors

LogFormat = Literal["pretty", "json"]

COLOURS = {
    "sent": "green",
    "duplicate": "cyan",
    "ignored": "cyan",
    "in_progress": "yellow",
    "unknown": "yellow",
    "rejected": "red",
    "failed": "red",
}
EXPLAINING = ("code", "upstream_code", "reason", "warning")
"""The fields that say why something was not done."""

_LEVEL_COLOURS = {"ERROR": "red", "WARNING": "yellow"}
_OF_EVERY_LINE = {
    *("timestamp", "level", "message", "service", "function_name", "function_version", "function_memory_size"),
    *("function_request_id", "correlation_id", "cold_start", "region", "retry_count", "exception"),
}
_MARK = re.compile(r"FC (?:Initialize|Invoke) (?:Start|End) RequestId: [^,]*(?:, Error: (?P<error>.*))?")
_TOLD_BEFORE = ("Unhandled function error", "The initializer failed: ")
_ERROR_DOCUMENT = re.compile(r"[0-9T:.-]+Z \S* \[ERROR\] (?P<document>\{.*\})")
_FAILURES = {name for name, kind in vars(fcapi.errors).items() if isinstance(kind, type)}


def is_pretty(chosen: LogFormat | None, stream: TextIO) -> bool:
    """Tell whether lines are for people: as chosen, else where they go to a terminal."""
    return stream.isatty() if chosen is None else chosen == "pretty"


def echo_to_stderr(chosen: LogFormat | None) -> Callable[[str], None]:
    """Return a function that shows a line on stderr; any thread may call it."""
    pretty = is_pretty(chosen, sys.stderr)
    colour = click.get_current_context().color

    def echo(line: str) -> None:
        shown = readable(line) if pretty else line
        if shown is not None:
            click.echo(shown, err=True, color=colour)

    return echo


@contextmanager
def sink_of(echo: Callable[[str], object]) -> Iterator[IO[bytes]]:
    """Yield a file for a process to write its log to; each line is shown, the last of them before this is left."""
    read_end, write_end = os.pipe()

    def read() -> None:
        with os.fdopen(read_end, encoding="utf-8", errors="replace") as source:
            for line in source:
                echo(line.rstrip("\n"))

    thread = Thread(target=read, daemon=True)
    thread.start()
    with os.fdopen(write_end, "wb") as sink:
        yield sink
    thread.join()


def readable(line: str) -> str | None:
    """Return a line as people read it; None for one that says nothing that another does not say."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return _of_the_platform(line)
    return " ".join(_parts(fields)) if isinstance(fields, dict) and "message" in fields else printable(line)


def printable(value: object) -> str:
    """Return a value as text without the control characters of a terminal."""
    return "" if value is None else "".join(c for c in str(value) if c.isprintable())


def _parts(fields: Mapping[str, Any]) -> Iterator[str]:
    yield click.style(printable(fields.get("timestamp"))[11:19], dim=True)
    if "outcome" in fields:
        outcome = printable(fields["outcome"])
        yield click.style(f"{outcome:11}", fg=COLOURS.get(outcome))
        target = fields.get("phone_number") or fields.get("email_address")
        for value, width in ((fields.get("trigger"), 8), (fields.get("contact_id"), 18), (target, 14)):
            yield f"{printable(value) or '-':{width}}"
        yield f"{printable(fields.get('duration_ms'))} ms"
        further = [name for name in EXPLAINING if fields.get(name) is not None]
    else:
        yield click.style(printable(fields["message"]), fg=_LEVEL_COLOURS.get(str(fields.get("level"))))
        further = [name for name in fields if name not in _OF_EVERY_LINE and fields[name] is not None]
    for name in further:
        value = fields[name]
        nested = value if isinstance(value, dict) else {"": value}
        yield from (f"{f'{name}.{key}'.rstrip('.')}={printable(each)}" for key, each in nested.items())
    if "exception" in fields:
        yield "".join(f"\n    {printable(line)}" for line in str(fields["exception"]).splitlines())


def _of_the_platform(line: str) -> str | None:
    """Return a line that is not the function's own log, unless it is a mark, or the log has the same."""
    if mark := _MARK.fullmatch(line):
        error = mark["error"]
        return None if error is None or error.startswith(_TOLD_BEFORE) else click.style(printable(error), fg="red")
    found = _ERROR_DOCUMENT.fullmatch(line)
    if found is None:
        return printable(line)
    document = json.loads(found["document"])
    if document["errorType"] in _FAILURES:
        return None
    where = document.get("stackTrace", [""])[-1]
    where = where if isinstance(where, str) else ", ".join(where)
    shown = f"{printable(document['errorType'])}: {printable(document['errorMessage'])}"
    return click.style(shown, fg="red") + (f"\n    {printable(where)}" if where else "")
