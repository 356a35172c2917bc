"""Works on a real account, with the vendor's SDKs.

`deploy` and `smoke` are the commands behind `make deploy` and `make smoke`; `remote` is behind `fcapi invoke --remote`
and `fcapi logs --remote`. All of them open a `Session`, which alone calls the SDKs.
"""

import click


class AccountError(click.ClickException):
    """Something failed; the message says what and what to do. It shows no secret and no text of an SDK's exception."""


class WrongCall(AccountError):
    """The command was called with something that cannot be meant; nothing was done."""

    exit_code = 2
