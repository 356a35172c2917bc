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
    help="The runtime whose context a function gets, with the credentials where that runtime has them.",
)
site_option = click.option(
    "--site",
    type=OneOf(get_args(Site)),
    default="china",
    show_default=True,
    help="The emulator's: China accepts numbers of country code 86 only; the international site, any other.",
)
log_format_option = click.option(
    "--log-format",
    type=OneOf(["pretty", "json"]),
    help="Log lines for people, or as they are. By default pretty in a terminal, and JSON where they are piped.",
)
remote_option = click.option(
    "--remote",
    metavar="STACK",
    help="Use the deployed stack. REGION and PROFILE say where and as whom, in the environment or in deploy.toml.",
)


def limit_options(command: Command) -> Command:
    """Add an option for each of the emulator's Limits."""
    for name, default, what in reversed(_LIMITS):
        kind = WholeNumber(min=0)
        option = click.option(name, type=kind, default=default, show_default=True, help=f"The emulator's: {what}.")
        command = option(command)
    return command


_LIMITS = (
    ("--daily-limit", Limits.daily_limit, "how many texts the account may send in a day"),
    ("--daily-mail-limit", Limits.daily_mail_limit, "how many e-mails the account may send in a day"),
    ("--mails-per-minute", Limits.mails_per_minute, "how many e-mails one address may get in a minute"),
    ("--max-contacts", Limits.max_contacts, "how many contacts the directory has room for"),
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
