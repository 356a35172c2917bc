"""The `fcapi` command: the functions and the API they call, on a laptop."""

import json
import os
from typing import Literal

import click

from local.completion import completion
from local.invoke import invoke
from local.logs import logs
from local.resource_directory.server import Emulator
from local.samples import SAMPLE_CONTACT_ID, SAMPLE_PHONE_NUMBER, TRIGGER_NAMES, event_of, samples
from local.serve.command import serve
from local.tick import tick
from local.waiting import until_a_signal


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "FCAPI"})
@click.version_option(package_name="phone-verification", prog_name="fcapi")
@click.pass_context
def main(context: click.Context) -> None:
    """Run the phone verification functions, and an emulator of the API they call, on this machine.

    Every option can also be set by an environment variable: FCAPI_EMULATOR_PORT for `emulator --port`. Colours are for
    terminals only, and not with NO_COLOR. `fcapi completion --help` says how a shell completes it all.
    """
    context.color = False if os.environ.get("NO_COLOR") else None


@main.command()
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


for command in (invoke, serve, tick, logs, completion):
    main.add_command(command)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def events(*, as_json: bool) -> None:
    """List the sample events, and the trigger that each came by."""
    for path, trigger in samples():
        name = os.path.relpath(path)
        click.echo(json.dumps({"event": name, "trigger": trigger}) if as_json else f"{name:40} {trigger}")


@main.command()
@click.argument("trigger", type=click.Choice(TRIGGER_NAMES))
@click.option("--contact-id", default=SAMPLE_CONTACT_ID, show_default=True, help="Whose number is to be verified.")
@click.option("--phone-number", default=SAMPLE_PHONE_NUMBER, show_default=True, help="The number.")
def event(trigger: str, contact_id: str, phone_number: str) -> None:
    """Print an event of TRIGGER that asks for a number to be verified."""
    click.echo(json.dumps(event_of(trigger, contact_id, phone_number), indent=2))
