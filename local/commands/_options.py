"""Options that several commands take."""

from typing import get_args

import click

from fcapi.testing import PythonVersion
from local.emulator.directory import Site

runtime_option = click.option(
    "--runtime",
    type=click.Choice(get_args(PythonVersion)),
    default="python3.12",
    show_default=True,
    help="The runtime whose context a function gets, with the credentials where that runtime has them.",
)
site_option = click.option(
    "--site",
    type=click.Choice(get_args(Site)),
    default="china",
    show_default=True,
    help="The emulator's: China accepts numbers of country code 86 only; the international site, any other.",
)
daily_limit_option = click.option(
    "--daily-limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="The emulator's: how many texts the account may send in a day.",
)
