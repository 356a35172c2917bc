"""Options that several commands take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, get_args

import click

from fcapi.testing import PythonVersion
from local.emulator.directory import Site
from local.emulator.limits import Limits
from local.one_of import OneOf, WholeNumber

Command = TypeVar("Command", bound=Callable[..., Any])

runtime_option = click.option(
    "--runtime",
    type=OneOf(get_args(PythonVersion)),
    default="python3.12",
    show_default=True,
    help="The runtime to imitate: the form of the context, and where the credentials are.",
)
site_option = click.option(
    "--site",
    type=OneOf(get_args(Site)),
    default="china",
    show_default=True,
    help="The emulator's site. China accepts only numbers with country code 86; international, all others.",
)
log_format_option = click.option(
    "--log-format",
    type=OneOf(["pretty", "json"]),
    help="pretty: log lines for people. json: log lines unchanged. Default: pretty in a terminal, json in a pipe.",
)
remote_option = click.option(
    "--remote",
    metavar="STACK",
    help="Use the deployed stack. Set REGION and PROFILE in the environment or in deploy.toml.",
)


def limit_options(command: Command) -> Command:
    """Add an option for each of the emulator's Limits."""
    for name, default, what in reversed(_LIMITS):
        kind = WholeNumber(min=0)
        option = click.option(
            name, type=kind, default=default, show_default=True, help=f"Limit of the emulator: {what}."
        )
        command = option(command)
    return command


_LIMITS = (
    ("--daily-limit", Limits.daily_limit, "texts of the account in a day"),
    ("--daily-mail-limit", Limits.daily_mail_limit, "e-mails of the account in a day"),
    ("--mails-per-minute", Limits.mails_per_minute, "e-mails to one address in a minute"),
    ("--max-contacts", Limits.max_contacts, "contacts of the directory"),
)


@contextmanager
def sdks_needed() -> Iterator[None]:
    """Turn a missing SDK into the make target that installs them.

    Raises:
        ClickException: one is missing.

    """
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith(("local", "fcapi")):
            raise
        raise click.ClickException("--remote needs the vendor's SDKs. To install them: make sdks") from None
