"""`fcapi logs`: one contact's story, out of the log lines of both functions."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import click

from local.commands._log_lines import read_lines
from phone_verification.masking import loggable_contact_id

_COLOURS = {
    "sent": "green",
    "duplicate": "cyan",
    "ignored": "cyan",
    "in_progress": "yellow",
    "unknown": "yellow",
    "rejected": "red",
    "failed": "red",
}


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--contact", required=True, metavar="c-…", help="Whose story.")
@click.option("--json", "as_json", is_flag=True, help="Pass the lines on as they are.")
def logs(file: BinaryIO, contact: str, *, as_json: bool) -> None:
    """Follow one contact through log lines: those in FILE, or on standard input as they come.

    One line says when what was done, by which trigger, what came of it, for which (masked) number, and under which
    RequestId. FILE may be an export of the log store. What is no JSON object is passed over, and counted on stderr.
    """
    masked = loggable_contact_id({"ContactId": contact})
    ids = [contact] if masked in (None, "invalid") else [contact, masked]
    read, found, passed_over = 0, 0, 0
    for line in read_lines(file):
        read += 1
        if line.fields is None:
            passed_over += 1
        elif line.fields.get("contact_id") in ids:
            found += 1
            click.echo(line.text if as_json else " ".join(_parts(line.fields)))
    if passed_over:
        click.echo(f"passed over: {passed_over} lines that are no JSON objects", err=True)
    if not found:
        click.echo(f"found nothing: none of {read} lines is about this contact", err=True)


def _parts(fields: Mapping[str, Any]) -> Iterator[str]:
    def text(name: str) -> str:
        # The file may have control characters of a terminal in it.
        value = fields.get(name)
        return "" if value is None else "".join(c for c in str(value) if c.isprintable())

    outcome = text("outcome") or text("message")
    yield text("timestamp")
    yield f"{text('trigger') or '-':12}"
    yield click.style(f"{outcome:11}", fg=_COLOURS.get(outcome))
    yield f"{text('phone_number') or '-':16}"
    yield text("api_request_id") or text("function_request_id")
    for name in ("code", "upstream_code", "reason", "warning"):
        if text(name):
            yield f"{name}={text(name)}"
