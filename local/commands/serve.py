"""`fcapi serve`."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from fcapi.testing import PythonVersion
from local.commands._options import daily_limit_option, runtime_option, site_option
from local.package import PackageError
from local.serve.cloud import Cloud, Options
from local.serve.declared import TEMPLATE, NotServable, read_declared
from local.serve.packaged_code import interpreter_for, unpacked
from local.serve.ports import DEFAULT_PORT, ENDPOINTS, LAST_PORT
from local.serve.schedule import Schedule, parse_schedule
from local.web.shutdown import until_a_signal


def _read_schedule(_: click.Context, __: click.Parameter, text: str | None) -> Schedule | None:
    try:
        return parse_schedule(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, LAST_PORT),
    default=DEFAULT_PORT,
    show_default=True,
    help="The HTTP trigger's; the other endpoints have the next ones. 0 picks free ones.",
)
@runtime_option
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
    help="How often an event that failed is tried again. By default as in template.yml.",
)
@click.option(
    "--schedule",
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
@site_option
@daily_limit_option
@click.option("--json", "as_json", is_flag=True, help="Print the endpoints' URLs as one line of JSON.")
def serve(
    *,
    port: int,
    runtime: PythonVersion,
    package: Path | None,
    interpreter: Path | None,
    as_json: bool,
    **others: Any,
) -> None:
    """Serve the functions on 127.0.0.1 as Function Compute does, until interrupted.

    It prints where the HTTP trigger, a classic API gateway (legacy), Function Compute's Invoke API, the emulated
    Resource Directory and a cloud-native API gateway are. What the functions write goes to stderr. At the Invoke API
    requests must be signed with the emulator's key pair; on the same port, under /_serve/, are routes to look at logs
    and dead letters and to fire the timer. The environment's settings, such as HTTP_COOLDOWN_SECONDS, are the
    functions' too.
    """
    if others["cut_idle"] and not others["freeze"]:
        raise click.UsageError("--cut-idle is for instances that are frozen: add --freeze.")
    with until_a_signal() as wait, ExitStack() as stack:
        try:
            code_path = stack.enter_context(unpacked(package))
            command = interpreter_for(runtime, package, interpreter)
            declared = read_declared(TEMPLATE, code_path)
        except (PackageError, NotServable) as error:
            raise click.ClickException(str(error)) from None
        options = Options(port=port, runtime=runtime, code_path=code_path, interpreter=command, **others)
        try:
            cloud = stack.enter_context(Cloud(declared, options, echo=lambda line: click.echo(line, err=True)))
        except OSError as error:
            ports = f"A port from {port} to {port + len(ENDPOINTS) - 1}"
            raise click.ClickException(f"{ports} cannot be used ({error.strerror}). Take others, or 0.") from None
        _print_urls(cloud.endpoints, as_json=as_json)
        wait()


def _print_urls(endpoints: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(endpoints))
        return
    for name in ENDPOINTS:
        click.echo(f"{name.replace('_', ' ')}: {endpoints[name]}/")
