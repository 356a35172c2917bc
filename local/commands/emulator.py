"""`fcapi emulator`."""

import json
from typing import Literal

import click

from local.commands.waiting import until_a_signal
from local.emulator.server import Emulator


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 picks a free one.")
@click.option(
    "--site",
    type=click.Choice(["china", "international"]),
    default="china",
    show_default=True,
    help="China accepts numbers of country code 86 only; the international site, any other.",
)
@click.option(
    "--daily-limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="How many texts the account may send in a day.",
)
@click.option("--json", "as_json", is_flag=True, help="Print where it is as one line of JSON.")
def emulator(*, port: int, site: Literal["china", "international"], daily_limit: int, as_json: bool) -> None:
    """Serve an emulated Resource Directory on 127.0.0.1 until interrupted.

    It accepts the key pair LTAIlocal / local-secret, with or without the security token local-token. What it texted,
    and how to make it fail, is under /_emulator/.
    """
    try:
        with until_a_signal() as wait, Emulator(port=port, site=site, daily_limit=daily_limit) as running:
            click.echo(json.dumps({"emulator": running.url}) if as_json else f"listening on {running.url}")
            wait()
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used ({error.strerror}). Take another, or 0.") from None
