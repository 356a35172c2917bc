"""`Outcome`: the result of one request, and the one place where errors become outcomes."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from cooldown.ledger import Blocked
from cooldown.store import StoreUnavailable
from fcapi.credentials import MissingCredentials
from fcapi.events.deliveries import PayloadIgnored, PayloadRefused
from resource_directory.errors import (
    AccessRefused,
    DailyLimitExceeded,
    NoAnswer,
    PermissionDenied,
    RequestRefused,
    ResourceDirectoryError,
    Throttled,
    Unavailable,
)

Status = Literal["sent", "duplicate", "ignored", "in_progress", "unknown", "rejected", "failed"]

DONE: frozenset[Status] = frozenset({"sent", "duplicate", "ignored"})
"""An event is acknowledged if each of its deliveries has one of these."""

RETRY_AFTER_SECONDS = 5
"""The wait that a caller is told where the API named none."""


class Outcome(NamedTuple):
    """The result of one request.

    Attributes:
        status: `sent`: the API accepted it. `duplicate`: it accepted one before, within the window. `ignored`: nothing
            was asked for. `in_progress`: another invocation is sending. `unknown`: a text may have gone out.
            `rejected`: the API will never accept it. `failed`: surely nothing was sent.
        http_status: the status of a reply over HTTP.
        code: the reason why it was not sent, and `message` the same in words, for the caller.
        request_id: the API's RequestId, where it answered.
        upstream_code: the API's own Code, for the operator only.
        warning: a further fault, for the operator only.
        headers: further headers of a reply over HTTP.
        contact_id: the contact that was texted, now or before.
        ends_batch: the requests behind this one would meet the same obstacle.
        attempts: the number of calls of the API.
        hint: how the caller corrects the request, if it was refused here.
        lacks_permission: the role may not do what was asked for.

    """

    status: Status
    http_status: int
    code: str | None = None
    message: str = ""
    request_id: str | None = None
    upstream_code: str | None = None
    warning: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    contact_id: str | None = None
    ends_batch: bool = False
    attempts: int = 0
    hint: str | None = None
    lacks_permission: bool = False

    @classmethod
    def sent(cls, contact_id: str, request_id: str, attempts: int) -> "Outcome":
        """Return the outcome of a request that the API accepted under this RequestId."""
        return cls("sent", 200, request_id=request_id, contact_id=contact_id, attempts=attempts)

    @classmethod
    def blocked(cls, contact_id: str, by: Blocked) -> "Outcome":
        """Return the outcome of a request whose number is claimed, or was perhaps texted, within the window.

        A live claim blocks where there is no window, too; then the caller is told to wait for a second.
        """
        headers = {"Retry-After": str(max(math.ceil(by.seconds_left), 1))}
        match by.state:
            case "sent":
                headers = {**headers, "Idempotency-Replayed": "true"}
                return cls("duplicate", 200, request_id=by.request_id, headers=headers, contact_id=contact_id)
            case "claimed":
                message = "A verification is being sent to this number."
                return cls("in_progress", 409, "RequestInProgress", message, headers=headers)
            case "unknown":
                message = "A verification may have been sent to this number."
                return cls("unknown", 409, "OutcomeUnknown", message, headers=headers)

    @classmethod
    def budget_spent(cls, retry_after: float) -> "Outcome":
        """Return the outcome of a request after the day's budget was spent; the day ends in `retry_after` seconds."""
        headers = {"Retry-After": str(math.ceil(retry_after))}
        return cls("failed", 429, "DailyBudgetSpent", "The function has sent all it may in a day.", headers=headers)


def outcome_of(
    error: PayloadRefused | PayloadIgnored | MissingCredentials | StoreUnavailable | ResourceDirectoryError,
) -> Outcome:
    """Return the outcome of a request that met this error."""
    if isinstance(error, StoreUnavailable):
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        message = "It cannot be said whether a verification was sent to this number before."
        return Outcome(
            "failed",
            error.http_status,
            error.code,
            message,
            upstream_code=str(error),
            warning=error.advice,
            headers=headers,
        )
    if isinstance(error, PayloadIgnored):
        return Outcome("ignored", 200, error.code, error.message)
    if isinstance(error, PayloadRefused):
        return Outcome("rejected", error.http_status, error.code, error.message, headers=error.headers, hint=error.hint)
    if isinstance(error, MissingCredentials):
        return _misconfigured(error.code)._replace(warning=str(error))
    return _outcome_of_call(error)._replace(request_id=error.request_id, attempts=error.attempts)


def _outcome_of_call(error: ResourceDirectoryError) -> Outcome:
    match error:
        case DailyLimitExceeded():
            return Outcome("failed", error.http_status, error.code, error.message, ends_batch=True)
        case RequestRefused():
            return Outcome("rejected", error.http_status, error.code, error.message, hint=error.hint)
        case Throttled():
            return Outcome("failed", 429, error.code, error.message, headers=_retry_after(error))
        case Unavailable():
            return Outcome("failed", 503, error.code, error.message, headers=_retry_after(error))
        case AccessRefused():
            return _misconfigured(error.code)._replace(lacks_permission=isinstance(error, PermissionDenied))
        case NoAnswer(timed_out=True):
            return Outcome("unknown", 504, "UpstreamTimeout", error.message, upstream_code=error.code)
        case _:
            return Outcome("unknown", 502, "UpstreamError", error.message, upstream_code=error.code)


def _misconfigured(upstream_code: str) -> Outcome:
    message = "The function may not call the Resource Directory API; its operator can see why."
    return Outcome("failed", 500, "FunctionMisconfigured", message, upstream_code=upstream_code, ends_batch=True)


def _retry_after(error: ResourceDirectoryError) -> Mapping[str, str]:
    return {"Retry-After": str(math.ceil(error.retry_after or RETRY_AFTER_SECONDS))}
