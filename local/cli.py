"""The `fcapi` command: the functions and the API they call, on a laptop."""

import json
import os
import signal
import sys
import threading
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from fcapi.redaction import mask_phone_number
from fcapi.testing import ContextCredentials, Runtime
from local.resource_directory.server import KEY_PAIR, Emulator
from local.runtime.instance import CODE_PATH, Answer, Instance, InstanceFailed


@click.group(context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "FCAPI"})
@click.version_option(package_name="phone-verification", prog_name="fcapi")
@click.pass_context
def main(context: click.Context) -> None:
    """Run the phone verification functions, and an emulator of the API they call, on this machine.

    Every option can also be set by an environment variable: FCAPI_EMULATOR_PORT for `emulator --port`. Colours are for
    terminals only, and not with NO_COLOR.
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
def emulator(port: int, site: Literal["china", "international"], daily_limit: int) -> None:
    """Serve an emulated Resource Directory on 127.0.0.1 until interrupted.

    It accepts the key pair LTAIlocal / local-secret, with or without the security token local-token. What it texted,
    and how to make it fail, is under /_emulator/.
    """
    try:
        running = Emulator(port=port, site=site, daily_limit=daily_limit)
        with running:
            click.echo(f"listening on {running.url}")
            _wait_for_a_signal()
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used ({error.strerror}). Take another, or 0.") from None


@main.command()
@click.argument("event", metavar="EVENT.json|-")
@click.option("--function", default="send_phone_verification", show_default=True, help="The function to invoke.")
@click.option(
    "--runtime",
    type=click.Choice(["python3.10", "python3.12"]),
    default="python3.12",
    show_default=True,
    help="Whose shape of context, and place of credentials, the handler gets.",
)
@click.option(
    "--endpoint", metavar="URL", help="Call this API, with credentials from the environment, not an emulator."
)
def invoke(event: str, function: str, runtime: Runtime, endpoint: str | None) -> None:
    """Invoke a function with an event: a file, or - for standard input.

    The function's reply goes to stdout, its log lines and the text that a contact got to stderr. Exits with 0 when the
    function succeeded, 1 when it answered an error or raised, 2 when the command was called wrongly.
    """
    payload = _read_event(event)
    functions = sorted(path.stem for path in CODE_PATH.glob("*.py"))
    if function not in functions:
        raise click.BadParameter(f"there is no {function}; there are: {', '.join(functions)}.", param_hint="--function")
    with nullcontext() if endpoint else Emulator() as emulator:
        environ = dict(os.environ)
        if emulator:
            environ["RESOURCE_DIRECTORY_ENDPOINT"] = emulator.url
            credentials = ContextCredentials(**asdict(KEY_PAIR))
        else:
            environ["RESOURCE_DIRECTORY_ENDPOINT"] = str(endpoint)
            credentials = _credentials_of_the_environment()
        try:
            with Instance(function, runtime=runtime, environ=environ, credentials=credentials) as instance:
                answer = instance.invoke(payload)
        except InstanceFailed as error:
            raise click.ClickException(str(error)) from None
        click.echo(answer.payload)
        if emulator:
            for message in emulator.directory.messages():
                number = mask_phone_number(message.phone_number)
                click.secho(f"text to {number}: {message.text}", fg="green", err=True)
    sys.exit(0 if _succeeded(answer) else 1)


def _read_event(event: str) -> bytes:
    if event == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(event).read_bytes()
    except OSError as error:
        samples = ", ".join(str(path) for path in sorted(Path("events").glob("*.json"))) or "none in ./events"
        raise click.BadParameter(
            f"{event} cannot be read ({error.strerror}). Samples: {samples}.", param_hint="EVENT"
        ) from None


def _credentials_of_the_environment() -> ContextCredentials:
    names = [f"ALIBABA_CLOUD_{name}" for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET")]
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise click.UsageError(f"--endpoint needs credentials in the environment: {' and '.join(missing)} not set.")
    key_id, secret = (os.environ[name] for name in names)
    return ContextCredentials(key_id, secret, os.environ.get("ALIBABA_CLOUD_SECURITY_TOKEN", ""))


def _succeeded(answer: Answer) -> bool:
    if answer.failed:
        return False
    document = json.loads(answer.payload)
    return not (isinstance(document, dict) and document.get("statusCode", 200) >= 400)


def _wait_for_a_signal() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
