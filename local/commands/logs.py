"""`fcapi logs`: one contact's story, out of the log lines of both functions, here or of a deployed stack."""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, BinaryIO

import click
from click.core import ParameterSource

from local.commands._log_lines import read_lines
from local.commands._options import log_format_option, remote_option, sdks_needed
from local.commands._pretty import COLOURS, EXPLAINING, LogFormat, is_pretty, printable
from local.one_of import Number, WholeNumber
from phone_verification.masking import loggable_contact_id


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--contact", metavar="c-…", help="Whose story; without it, the lines of all.")
@remote_option
@click.option("--hours", type=WholeNumber(min=1), default=24, show_default=True, help="With --remote: how far back.")
@click.option("--follow", is_flag=True, help="With --remote: show new lines as they come, until interrupted.")
@click.option("--look-every", type=Number(min=0), default=3, help="With --follow: seconds between two queries.")
@log_format_option
@click.option("--json", "as_json", is_flag=True, help="The same as --log-format json.")
def logs(
    file: BinaryIO,
    contact: str | None,
    remote: str | None,
    hours: int,
    look_every: float,
    *,
    follow: bool,
    log_format: LogFormat | None,
    as_json: bool,
) -> None:
    """Show what was done for one contact, or for all, from log lines: a FILE, standard input, or a deployed stack.

    Each line has the time, the trigger, the outcome, the masked number and the RequestId. FILE may be an export of the
    log store. A line that is not a JSON object, such as an address that `fcapi serve` prints, goes to stderr
    unchanged; in a FILE, such lines are only counted.
    """
    as_json = as_json or not is_pretty(log_format, sys.stdout)
    if remote:
        if click.get_current_context().get_parameter_source("file") is ParameterSource.COMMANDLINE:
            raise click.UsageError("FILE cannot go with --remote: the lines are those of the stack.")
        every = look_every if follow else None
        _show_remote(remote, contact, time.time() - hours * 3600, every=every, as_json=as_json)
        return
    if follow:
        raise click.UsageError("--follow goes with --remote; standard input is followed anyway.")
    _show_lines(file, contact, as_json=as_json)


def _show_lines(file: BinaryIO, contact: str | None, *, as_json: bool) -> None:
    masked = contact and loggable_contact_id({"ContactId": contact})
    ids = [contact] if masked in (None, "", "invalid") else [contact, masked]
    is_file = getattr(file, "name", None) not in ("<stdin>", None)
    read, found, passed_over = 0, 0, 0
    with suppress(KeyboardInterrupt):  # of lines that come for ever, it is the end
        for line in read_lines(file):
            read += 1
            if line.fields is None and is_file:
                passed_over += 1
            elif line.fields is None:
                click.echo(printable(line.text), err=True)
            elif contact is None or line.fields.get("contact_id") in ids:
                found += 1
                click.echo(line.text if as_json else _told(line.fields, contact))
    if passed_over:
        click.echo(f"passed over: {passed_over} lines that are no JSON objects", err=True)
    if not found:
        sought = "about this contact" if contact is not None else "one of the functions'"
        click.echo(f"found nothing: none of {read} lines is {sought}", err=True)


def _show_remote(stack: str, contact: str | None, since: float, *, every: float | None, as_json: bool) -> None:
    """Show the lines since a Unix time; with `every`, go on and look for new ones so many seconds apart."""
    with sdks_needed():
        from local.account.log_store import LogStore, StoredLine, contact_query
        from local.account.remote import open_stack
    query = contact_query(contact)
    session, deployed = open_stack(stack, os.environ)
    store = LogStore(session, *deployed.log_store())
    lines: Iterable[StoredLine] = (
        store.lines(query, since, time.time() + 1) if every is None else store.follow(query, since, every=every)
    )
    try:
        for line in lines:
            if contact in (None, line.fields.get("contact_id")):
                click.echo(line.text if as_json else _told(line.fields, contact))
    except KeyboardInterrupt:
        if every is None:
            raise


def _told(fields: Mapping[str, Any], contact: str | None) -> str:
    """Return a line for people; whose it is, where that is not asked for."""
    whose = () if contact else (f"contact_id={fields.get('contact_id')!a}",)
    return " ".join((*_parts(fields), *whose))


def _parts(fields: Mapping[str, Any]) -> Iterator[str]:
    def text(name: str) -> str:
        return printable(fields.get(name))

    outcome = text("outcome") or text("message")
    yield text("timestamp")
    yield f"{text('trigger') or '-':12}"
    yield click.style(f"{outcome:11}", fg=COLOURS.get(outcome))
    yield f"{text('phone_number') or text('email_address') or '-':16}"
    yield text("api_request_id") or text("function_request_id")
    for name in EXPLAINING:
        if text(name):
            yield f"{name}={text(name)}"
