"""`fcapi emulator`."""

import json
from typing import Any

import click

from local.commands._options import limit_options, site_option
from local.emulator.directory import Site
from local.emulator.server import Emulator
from local.one_of import WholeNumber
from local.web.shutdown import until_a_signal


@click.command()
@click.option("--port", type=WholeNumber(0, 65535), default=0, show_default=True, help="0 picks a free one.")
@site_option
@limit_options
@click.option("--json", "as_json", is_flag=True, help="Print its URL as one line of JSON.")
def emulator(*, port: int, site: Site, as_json: bool, **limits: Any) -> None:
    """Serve an emulated Resource Directory on 127.0.0.1 until interrupted.

    It accepts the key pair LTAIlocal / local-secret, with or without the security token local-token. The texts and
    mails it sent and the faults it can be given are under /_emulator/.
    """
    try:
        with until_a_signal() as wait, Emulator(port=port, site=site, **limits) as running:
            click.echo(json.dumps({"emulator": running.url}) if as_json else f"listening on {running.url}")
            wait()
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used ({error.strerror}). Take another, or 0.") from None
