"""The one list of Codes: every reply but a success that the code can give, collected from its types."""

import json
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple, TypeVar, get_args

import cooldown
import fcapi
import phone_verification
import resource_directory
from cooldown.ledger import Blocked
from cooldown.record import State
from cooldown.store import StoreNeedsProxyEndpoint, StoreUnavailable
from fcapi.credentials import MissingCredentials
from fcapi.events.deliveries import PartRefused, PayloadRefused
from phone_verification.outcome import DONE, Outcome, outcome_of
from phone_verification.replies import internal_error_reply
from resource_directory.errors import (
    ERRORS_BY_CODE,
    REFUSALS_BY_OPERATION,
    SEND_PHONE_VERIFICATION,
    NoAnswer,
    NotAttempted,
    NotConnected,
    ResourceDirectoryError,
    UnusableAnswer,
    error_of_code,
)

AnyError = TypeVar("AnyError", bound=Exception)


class ListedReply(NamedTuple):
    """A reply over HTTP: its status, its Code, and the outcome that it stands for; None is a bug."""

    http_status: int
    code: str
    outcome: str | None


def replies() -> set[ListedReply]:
    """Return every reply but a success that function 1 can give."""
    found = {_reply_of(outcome) for outcome in _outcomes() if outcome.status not in DONE}
    bug = internal_error_reply("1-request")
    return found | {ListedReply(bug["statusCode"], json.loads(bug["body"])["Code"], None)}


def error_types() -> set[type[ResourceDirectoryError]]:
    """Return every type of error of an API call that is raised, not only caught."""
    return {kind for kind in _with_subclasses(ResourceDirectoryError) if "code" in vars(kind)}


def errors_of_the_api(operation: str = SEND_PHONE_VERIFICATION) -> Iterator[ResourceDirectoryError]:
    """Yield an error for each Code of an operation that is known, and for each failure that has no Code of the API."""
    yield from refusals_of(operation)
    for code in ERRORS_BY_CODE:
        yield error_of_code(operation, code, request_id="R", retry_after=None)
    yield from (NotAttempted(), NotConnected(), UnusableAnswer())
    yield from (NoAnswer(timed_out=timed_out) for timed_out in (True, False))


def refusals_of(operation: str) -> Iterator[ResourceDirectoryError]:
    """Yield an error for each documented refusal of an operation."""
    for code in REFUSALS_BY_OPERATION[operation]:
        yield error_of_code(operation, code, request_id="R", retry_after=None)


def _outcomes() -> Iterator[Outcome]:
    yield from map(outcome_of, errors_of_the_api())
    yield from (outcome_of(kind("")) for kind in _refusals())
    yield from (outcome_of(error) for error in (StoreUnavailable(""), StoreNeedsProxyEndpoint(), MissingCredentials()))
    yield from (Outcome.blocked("c-1", Blocked(state, 1, "R")) for state in get_args(State))
    yield Outcome.budget_spent(1)


def _refusals() -> set[type[PayloadRefused]]:
    return _with_subclasses(PayloadRefused) - {PayloadRefused, PartRefused}  # a part is of an event, without a reply


def _reply_of(outcome: Outcome) -> ListedReply:
    assert outcome.code is not None
    return ListedReply(outcome.http_status, outcome.code, outcome.status)


def _with_subclasses(kind: type[AnyError]) -> set[type[AnyError]]:
    _import_all()
    kinds = [kind]
    for each in kinds:
        kinds += each.__subclasses__()
    return set(kinds)


def _import_all() -> None:
    for package in (cooldown, fcapi, phone_verification, resource_directory):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
