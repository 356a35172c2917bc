"""`fcapi serve`: the command."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from fcapi.testing import PythonVersion
from local.commands.waiting import until_a_signal
from local.emulator.directory import Site
from local.package import PackageError
from local.serve.cloud import FACES, Cloud, Options
from local.serve.code import interpreter_for, unpacked
from local.serve.deployment import schedule
from local.serve.schedule import Schedule, parse_schedule

DEFAULT_PORT = 9000


def _read_schedule(_: click.Context, __: click.Parameter, text: str) -> Schedule:
    try:
        return parse_schedule(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535 - len(FACES) + 1),
    default=DEFAULT_PORT,
    show_default=True,
    help="Of the HTTP trigger; those of API gateway, Invoke API and emulator follow. 0 picks free ones.",
)
@click.option(
    "--runtime",
    type=click.Choice(["python3.10", "python3.12"]),
    default="python3.12",
    show_default=True,
    help="Whose shape of context, and place of credentials, the functions get.",
)
@click.option(
    "--package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Run what `make package` built, on a Python of its version, and not the source.",
)
@click.option(
    "--interpreter",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The Python that runs the functions. For the source it must have what they require.",
)
@click.option(
    "--signed",
    is_flag=True,
    help="Take only signed requests at the HTTP trigger, as authType `function` does: by ACS3-HMAC-SHA256 with the"
    " emulator's key pair. What exactly the platform checks is not public; README.md says what is checked here.",
)
@click.option(
    "--retries",
    type=click.IntRange(0, 8),
    help="How often an event that failed is tried again. By default as in template.yml: 2, and 0 for the timer's.",
)
@click.option(
    "--schedule",
    default=schedule,
    callback=_read_schedule,
    metavar="CRON",
    help="When the timer fires: six fields from the second to the weekday, in UTC or after CRON_TZ=…; or `@every 5m`."
    " By default as in template.yml.",
)
@click.option("--freeze", is_flag=True, help="Stop the processes of instances between requests.")
@click.option(
    "--cut-idle",
    is_flag=True,
    help="With --freeze: once all instances are frozen, the emulator cuts the connections that they keep.",
)
@click.option(
    "--site",
    type=click.Choice(["china", "international"]),
    default="china",
    show_default=True,
    help="Of the emulator.",
)
@click.option("--daily-limit", type=click.IntRange(min=0), default=100, show_default=True, help="Of the emulator.")
@click.option("--json", "as_json", is_flag=True, help="Print where the faces are as one line of JSON.")
def serve(
    *,
    port: int,
    runtime: PythonVersion,
    package: Path | None,
    interpreter: Path | None,
    as_json: bool,
    site: Site,
    **others: Any,
) -> None:
    """Serve the functions on 127.0.0.1 as Function Compute does, until interrupted.

    It prints where the HTTP trigger, a classic API gateway, Function Compute's Invoke API and the emulated Resource
    Directory are. What the functions write goes to stderr. At the Invoke API requests must be signed with the
    emulator's key pair; beside it, under /_serve/, are routes to look at logs and dead letters and to fire the timer.
    The environment's settings, such as HTTP_COOLDOWN_SECONDS, are the functions' too.
    """
    if others["cut_idle"] and not others["freeze"]:
        raise click.UsageError("--cut-idle is for instances that are frozen: add --freeze.")
    with until_a_signal() as wait, ExitStack() as stack:
        try:
            code_path = stack.enter_context(unpacked(package))
            command = interpreter_for(runtime, package, interpreter)
        except PackageError as error:
            raise click.ClickException(str(error)) from None
        options = Options(port=port, runtime=runtime, code_path=code_path, interpreter=command, site=site, **others)
        try:
            cloud = stack.enter_context(Cloud(options, echo=lambda line: click.echo(line, err=True)))
        except OSError as error:
            ports = f"A port from {port} to {port + len(FACES) - 1}"
            raise click.ClickException(f"{ports} cannot be used ({error.strerror}). Take others, or 0.") from None
        _say_where(cloud.faces, as_json=as_json)
        wait()


def _say_where(faces: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(faces))
        return
    for name in FACES:
        click.echo(f"{name.replace('_', ' ')}: {faces[name]}/")
