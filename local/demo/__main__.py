"""The command behind `make demo`: its options are make's variables."""

import os
import shutil
import sys
import time
from collections.abc import Sequence
from random import Random

import click

from local.demo.days import Demonstration, Progress, demonstration
from local.demo.plot import plot

INTERRUPTED = 130
"""The exit code of what Ctrl+C ended, as shells have it."""

_NARROWEST = 72
"""Columns that a terminal must have for the charts to be drawn again in place."""


@click.command()
@click.option("--contacts", envvar="CONTACTS", type=click.IntRange(1, 2000), default=300, show_default=True)
@click.option("--days", envvar="DAYS", type=click.IntRange(1, 730), default=60, show_default=True)
@click.option("--seed", envvar="SEED", type=int, default=2022, show_default=True, help="Who confirms, and when.")
def main(*, contacts: int, days: int, seed: int) -> None:
    """Sweep a directory day by day, and show how many numbers and addresses are left unverified."""
    started, is_interrupted, is_live = time.monotonic(), False, _is_live()
    # The demonstration is to be the same again for the same seed; nothing of it is a secret.
    with demonstration(contacts, Random(seed)) as shown:  # noqa: S311 as said above
        _say(
            f"{contacts} contacts, every second one with a phone number, and {days} days: each is a run of function 2."
        )
        lines = _charts(shown, days)
        if is_live:
            _say(*lines)
        try:
            for _ in shown.run(days):
                lines = _charts(shown, days)
                if is_live:
                    _say(f"\x1b[{len(lines) + 1}A", *lines)
        except KeyboardInterrupt:
            is_interrupted = True
        if not is_live:
            _say(*lines)
        _say("", *_story("phone numbers", "texts", shown.phones), *_story("e-mail addresses", "e-mails", shown.emails))
        _say(f"{len(shown.phones.unverified) - 1} days took {time.monotonic() - started:.1f} seconds.")
    sys.exit(INTERRUPTED if is_interrupted else 0)


def _is_live() -> bool:
    """Tell whether the output can be drawn over: a terminal, wide enough, that knows how to move its cursor."""
    wide = shutil.get_terminal_size().columns >= _NARROWEST
    return sys.stdout.isatty() and wide and os.environ.get("TERM") not in {None, "", "dumb"}


def _charts(shown: Demonstration, days: int) -> list[str]:
    ascii_only = not _can_show("│█▁")
    return [
        line
        for title, channel in (("phone numbers", shown.phones), ("e-mail addresses", shown.emails))
        for line in ("", *plot(title, channel.unverified, days, ascii_only=ascii_only))
    ]


def _can_show(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _story(targets: str, messages: str, channel: Progress) -> Sequence[str]:
    total, left = channel.unverified[0], channel.unverified[-1]
    done = f"since day {channel.done_on} all whose people confirm at all" if channel.is_done else "not yet all"
    most = max(channel.sent.values(), default=0)
    return (
        f"{targets}: {total - left} of {total} are verified, {done}; {channel.unwilling} are never confirmed",
        f"  by {channel.sent.total()} {messages}: {channel.busiest} in a day, and {most} to one of them, at most",
    )


def _say(*lines: str) -> None:
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main(prog_name="make demo")
