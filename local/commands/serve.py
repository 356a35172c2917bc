"""`fcapi serve`."""

import json
import os
import socket
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from fcapi.testing import PythonVersion
from local.commands._options import limit_options, log_format_option, runtime_option, site_option
from local.commands._pretty import LogFormat, echo_to_stderr
from local.one_of import WholeNumber
from local.package import PackageError
from local.serve.cloud import Cloud, Options
from local.serve.declared import TEMPLATE, NotServable, read_declared
from local.serve.packaged_code import interpreter_for, unpacked
from local.serve.ports import DEFAULT_PORT, ENDPOINTS, LAST_PORT
from local.serve.schedule import Schedule, parse_schedule
from local.serve.settings import BadEnvFile, check_settings, misspelt, read_env_file
from local.web.shutdown import until_a_signal
from phone_verification.addresses import MAX_PORT
from phone_verification.settings import InvalidSetting


def _read_schedule(_: click.Context, __: click.Parameter, text: str | None) -> Schedule | None:
    try:
        return parse_schedule(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option(
    "--port",
    type=WholeNumber(0, LAST_PORT),
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
    " emulator's key pair. What exactly the platform checks is not public; docs/local.md says what is checked here.",
)
@click.option(
    "--retries",
    type=WholeNumber(0, 8),
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
@limit_options
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take settings from its lines NAME=VALUE, too; those of the environment come first.",
)
@log_format_option
@click.option(
    "--debug",
    type=WholeNumber(1024, MAX_PORT),
    metavar="PORT",
    help="Let a debugger attach to the first function at this port of 127.0.0.1, to the second at the next. Each then"
    " has one instance, and no time limit.",
)
@click.option("--open", "opens", is_flag=True, help="Open the console in a browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the URLs as one line of JSON.")
def serve(
    *,
    port: int,
    runtime: PythonVersion,
    package: Path | None,
    interpreter: Path | None,
    env_file: Path | None,
    log_format: LogFormat | None,
    debug: int | None,
    opens: bool,
    as_json: bool,
    **others: Any,
) -> None:
    """Serve the functions on 127.0.0.1 as Function Compute does, until interrupted.

    Prints the URLs: the console, the HTTP trigger, a classic API gateway (legacy), Function Compute's Invoke API, the
    emulated Resource Directory and a cloud-native API gateway. The functions' log lines go to stderr. Saved code runs
    from the next event on.

    The Invoke API accepts requests that are signed with the emulator's key pair. Routes under /_serve/ on the same port
    show logs and dead letters, and fire the timer. The functions take settings such as HTTP_COOLDOWN_SECONDS from the
    environment; they are checked at the start.
    """
    if others["cut_idle"] and not others["freeze"]:
        raise click.UsageError("--cut-idle is for instances that are frozen: add --freeze.")
    if debug:
        _refuse_to_debug(package, interpreter)
    settings = _read_settings(env_file)
    with until_a_signal() as wait, ExitStack() as stack:
        try:
            code_path = stack.enter_context(unpacked(package))
            command = interpreter_for(runtime, package, interpreter)
            declared = read_declared(TEMPLATE, code_path)
        except (PackageError, NotServable) as error:
            raise click.ClickException(str(error)) from None
        debug_ports = {name: debug + number for number, name in enumerate(declared.functions)} if debug else {}
        options = Options(
            port=port,
            runtime=runtime,
            code_path=code_path,
            interpreter=command,
            settings=settings,
            debug_ports=debug_ports,
            **others,
        )
        try:
            cloud = stack.enter_context(Cloud(declared, options, echo=echo_to_stderr(log_format)))
        except OSError as error:
            ports = f"A port from {port} to {port + len(ENDPOINTS) - 1}"
            raise click.ClickException(f"{ports} cannot be used ({error.strerror}). Take others, or 0.") from None
        for debug_port in debug_ports.values():  # only now, when the endpoints have theirs
            _refuse_unless_free(debug_port)
        console = cloud.endpoints["invoke_api"]
        _print_urls({"console": console, **cloud.endpoints}, debug_ports, as_json=as_json)
        if opens:
            webbrowser.open(f"{console}/")
        wait()


def _refuse_to_debug(package: Path | None, interpreter: Path | None) -> None:
    if package or interpreter:
        raise click.UsageError("--debug is for the source on this Python: leave out --package and --interpreter.")
    if find_spec("debugpy") is None:
        raise click.ClickException("--debug needs debugpy. To install it with what development needs: make unit")


def _refuse_unless_free(port: int) -> None:
    refused = f"Port {port} cannot be used by a debugger"
    if port > MAX_PORT:
        raise click.ClickException(f"{refused} (the last one is {MAX_PORT}). Take a lower one: --debug PORT")
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise click.ClickException(f"{refused} ({error.strerror}). Take another: --debug PORT") from None


def _read_settings(env_file: Path | None) -> Mapping[str, str]:
    """Return the settings in the file, after a check of all that the functions will find."""
    try:
        settings = read_env_file(env_file) if env_file else {}
        environ = {**settings, **os.environ}
        for name, meant in misspelt(environ):
            click.secho(f"{name} is no setting: did you mean {meant}?", fg="yellow", err=True)
        check_settings(environ)
    except (BadEnvFile, InvalidSetting) as error:
        raise click.ClickException(str(error)) from None
    return settings


def _print_urls(urls: Mapping[str, str], debug_ports: Mapping[str, int], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(urls))
        return
    for name, url in urls.items():
        click.echo(f"{name.replace('_', ' ')}: {url}/")
    for function, port in debug_ports.items():
        click.echo(f"debugger for {function}: 127.0.0.1:{port}, after its first event")
    click.echo("Ctrl+C stops it.")
