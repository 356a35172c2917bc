"""Finds a deployed stack, for a command that works on one."""

from collections.abc import Mapping
from pathlib import Path

from local.account import AccountError
from local.account.deployed import Deployed
from local.account.secrets import Secrets
from local.account.session import Session
from local.account.stacks import Stacks
from local.account.target import Target, read_given
from local.template.document import read_template

TEMPLATE = Path(__file__).parents[2] / "template.yml"


def open_stack(stack: str, environ: Mapping[str, str]) -> tuple[Session, Deployed]:
    """Return a session for the account that a stack is in, and the stack; where it is, variables or deploy.toml say.

    Raises:
        AccountError: there is no such stack, or it cannot be asked for.

    """
    given = read_given({**environ, "STACK": stack})
    target = given.target()
    session = Session(target, environ, Secrets())
    return session, find_deployed(session, target)


def find_deployed(session: Session, target: Target) -> Deployed:
    """Return the stack of a target.

    Raises:
        AccountError: it is not there.

    """
    text = TEMPLATE.read_text(encoding="utf-8")
    found = Stacks(session, text).find(target.stack)
    if found is None:
        raise AccountError(f"There is no stack {target.stack} in {target.region}. make deploy makes one.")
    return Deployed(read_template(text), found)
