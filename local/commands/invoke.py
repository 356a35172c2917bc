"""`fcapi invoke`: a function with an event, against the embedded emulator or another API."""

import json
import os
import sys
from contextlib import nullcontext, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource

from fcapi.testing import ContextCredentials, PythonVersion
from local.commands._explain import broken_text, function_meant
from local.commands._options import log_format_option, remote_option, runtime_option, sdks_needed
from local.commands._pretty import LogFormat, echo_to_stderr, is_pretty, sink_of
from local.commands._private_file import write_private
from local.emulator.server import KEY_PAIR, Emulator
from local.instances.instance import CODE_PATH, Instance, InstanceFailed, InvocationResult
from local.one_of import WholeNumber, not_among
from local.serve.asynchronous import Finished, InstanceInPlace, invoke_asynchronously
from local.serve.declared import DEFAULT_RETRIES, TEMPLATE, NotServable, read_declared
from phone_verification.masking import mask_email_address, mask_phone_number


@click.command()
@click.argument("event", metavar="EVENT.json|-")
@click.option(
    "--function",
    metavar="NAME",
    default="send_phone_verification",
    show_default=True,
    shell_complete=lambda _, __, incomplete: [name for name in _functions() if name.startswith(incomplete)],
    help="The function to invoke, by its file in functions/.",
)
@runtime_option
@click.option(
    "--endpoint", metavar="URL", help="Call this API, with credentials from the environment, not an emulator."
)
@remote_option
@click.option(
    "--async",
    "asynchronous",
    is_flag=True,
    help="Invoke asynchronously: a failed event is tried again, then becomes a dead letter.",
)
@click.option(
    "--retries",
    type=WholeNumber(0, 8),
    help="How often a failing event is tried again, by default as in template.yml. Implies --async.",
)
@click.option(
    "--destination",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where the dead letter goes, stderr by default. It holds the whole event, numbers included. Implies --async.",
)
@log_format_option
def invoke(
    *,
    event: str,
    function: str,
    runtime: PythonVersion,
    endpoint: str | None,
    remote: str | None,
    asynchronous: bool,
    retries: int | None,
    destination: Path | None,
    log_format: LogFormat | None,
) -> None:
    """Invoke a function with an event: a file, or - for standard input.

    The function's reply goes to stdout, its log lines and the text that a contact got to stderr. Exits with 0 when the
    function succeeded, 1 when it answered an error or raised, 2 when the command was called wrongly.

    With --remote, the deployed function is invoked: with --async it is not waited for, and the platform retries as the
    template says.
    """
    payload = _read_event(event)
    if remote:
        _refuse_local_options()
        sys.exit(_invoke_remotely(remote, function, payload, asynchronous=asynchronous))
    if function not in _functions():
        raise click.BadParameter(not_among(function, _functions()), param_hint="--function")
    asynchronous = asynchronous or retries is not None or destination is not None
    if destination:
        _refuse_without_folder(destination)
    with nullcontext() if endpoint else Emulator() as emulator:
        environ = dict(os.environ)
        if emulator:
            environ["RESOURCE_DIRECTORY_ENDPOINT"] = emulator.url
            credentials = ContextCredentials(**asdict(KEY_PAIR))
        else:
            environ["RESOURCE_DIRECTORY_ENDPOINT"] = str(endpoint)
            credentials = _credentials_of_the_environment()
        logs = sink_of(echo_to_stderr(log_format)) if is_pretty(log_format, sys.stderr) else nullcontext()
        try:
            with logs as sink:
                new_instance = partial(
                    Instance, function, runtime=runtime, environ=environ, credentials=credentials, logs=sink
                )
                if asynchronous:
                    times = _retries_of(function) if retries is None else retries
                    with InstanceInPlace(function, new_instance) as invokable:
                        finished = invoke_asynchronously(invokable, payload, retries=times)
                else:
                    with new_instance() as instance:
                        finished = Finished(instance.invoke(payload), None)
        except InstanceFailed as error:
            raise click.ClickException(str(error)) from None
        click.echo(finished.answer.payload)
        if emulator:
            for text in emulator.directory.messages():
                click.secho(f"text to {mask_phone_number(text.target)}: {text.text}", fg="green", err=True)
            for mail in emulator.directory.mails():
                click.secho(f"mail to {mask_email_address(mail.target)}: {mail.text}", fg="green", err=True)
    if finished.dead_letter:
        _write_dead_letter(finished.dead_letter, destination)
    # The platform does not read the reply to an event: any return value is a success.
    succeeded = not finished.answer.failed if asynchronous else _succeeded(finished.answer)
    if not succeeded:
        _explain(event, payload, function)
    sys.exit(0 if succeeded else 1)


def _functions() -> list[str]:
    return sorted(path.stem for path in CODE_PATH.glob("*.py"))


def _refuse_without_folder(destination: Path) -> None:
    if not os.access(destination.parent, os.W_OK):
        problem = "is no folder that can be written to"
        raise click.BadParameter(f"{destination.parent} {problem}.", param_hint="--destination")


def _retries_of(function: str) -> int:
    try:
        declared = read_declared(TEMPLATE, CODE_PATH).functions.get(function)
    except NotServable as error:
        raise click.ClickException(f"{error}. How often to try again: --retries N") from None
    return declared.retries if declared else DEFAULT_RETRIES


def _explain(event: str, payload: bytes, function: str) -> None:
    """Say on stderr what is wrong with the event itself, if anything is."""
    name = "The event" if event == "-" else event
    if problem := broken_text(payload):
        click.secho(f"{name}: {problem}", fg="yellow", err=True)
    with suppress(NotServable):
        if meant := function_meant(payload, function, read_declared(TEMPLATE, CODE_PATH)):
            click.secho(f"{name} is an event for {meant}: add --function {meant}", fg="yellow", err=True)


def _refuse_local_options() -> None:
    context = click.get_current_context()
    given = [name for name in ("endpoint", "runtime", "retries", "destination") if _is_given(context, name)]
    if given:
        options = " and ".join(f"--{name}" for name in given)
        raise click.UsageError(f"{options} cannot go with --remote: that is as it was deployed.")


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) not in (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP, None)


def _invoke_remotely(stack: str, function: str, payload: bytes, *, asynchronous: bool) -> int:
    with sdks_needed():
        from local.account.invocation import invoke as invoke_deployed
        from local.account.remote import open_stack
    session, deployed = open_stack(stack, os.environ)
    invoked = invoke_deployed(session, deployed.function(function), payload, asynchronous=asynchronous)
    click.echo(f"request id: {invoked.request_id}" if asynchronous else invoked.log.rstrip("\n"), err=True)
    if asynchronous:
        return 0
    click.echo(invoked.payload)
    return 0 if _is_success(invoked.payload, failed=invoked.failed) else 1


def _write_dead_letter(letter: dict[str, object], destination: Path | None) -> None:
    text = json.dumps(letter, indent=2)
    if destination is None:
        click.secho(text, fg="red", err=True)
        return
    try:
        write_private(destination, text + "\n")
    except OSError as error:
        click.secho(text, fg="red", err=True)  # rather than lose it
        raise click.ClickException(f"The dead letter cannot be written to {destination} ({error.strerror}).") from None
    click.secho(f"dead letter: {destination}", fg="red", err=True)


def _read_event(event: str) -> bytes:
    if event == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(event).read_bytes()
    except OSError as error:
        raise click.BadParameter(
            f"{event} cannot be read ({error.strerror}). There are samples: fcapi events", param_hint="EVENT"
        ) from None


def _credentials_of_the_environment() -> ContextCredentials:
    names = [f"ALIBABA_CLOUD_{name}" for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET")]
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise click.UsageError(f"--endpoint needs credentials in the environment: {' and '.join(missing)} not set.")
    key_id, secret = (os.environ[name] for name in names)
    return ContextCredentials(key_id, secret, os.environ.get("ALIBABA_CLOUD_SECURITY_TOKEN", ""))


def _succeeded(answer: InvocationResult) -> bool:
    return _is_success(answer.payload, failed=answer.failed)


def _is_success(payload: bytes, *, failed: bool) -> bool:
    if failed:
        return False
    document = json.loads(payload)
    return not (isinstance(document, dict) and document.get("statusCode", 200) >= 400)
