"""What came of one request: the one place where errors become outcomes, and outcomes become replies and results."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from cooldown.ledger import Held
from cooldown.store import StoreUnavailable
from fcapi.credentials import MissingCredentials
from fcapi.events.deliveries import PayloadRefused
from fcapi.replies import HttpReply, json_reply
from phone_verification.audit_record import RecordIgnored
from resource_directory.errors import (
    AccessRefused,
    DailyLimitExceeded,
    NoAnswer,
    NonceRefused,
    RequestRefused,
    ResourceDirectoryError,
    Throttled,
    Unavailable,
)

Status = Literal["sent", "duplicate", "ignored", "in_progress", "unknown", "rejected", "failed"]

DONE: frozenset[Status] = frozenset({"sent", "duplicate", "ignored"})
"""What an event needs of all its deliveries to be acknowledged."""

RETRY_AFTER_SECONDS = 5
"""What a caller is told to wait where the API named no time."""


class Outcome(NamedTuple):
    """What came of one request.

    Attributes:
        status: `sent`: the API accepted it. `duplicate`: it accepted one before, within the window. `ignored`: nothing
            was asked for. `in_progress`: another invocation is sending. `unknown`: nobody knows whether a text went
            out. `rejected`: the API never will accept it. `failed`: surely nothing was sent.
        http_status: the status that says so over HTTP.
        code: why it was not sent, and `message` the same in words, for the caller.
        request_id: the API's RequestId, where it answered.
        upstream_code: what the API said, and
        warning: what else is not as it should be, both for the operator only.
        headers: what a reply over HTTP must also say.
        contact_id: whose number was texted, now or before.
        ends_batch: whatever stopped this request will stop the ones behind it.
        attempts: how many calls of the API were tried.

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


def sent(contact_id: str, request_id: str, attempts: int) -> Outcome:
    """Return the outcome of a request that the API accepted under this RequestId."""
    return Outcome("sent", 200, request_id=request_id, contact_id=contact_id, attempts=attempts)


def held(contact_id: str, by: Held) -> Outcome:
    """Return the outcome of a request whose number is claimed, and was perhaps texted, within the window."""
    headers = {"Retry-After": str(math.ceil(by.seconds_left))}
    match by.state:
        case "sent":
            headers = {**headers, "Idempotency-Replayed": "true"}
            return Outcome("duplicate", 200, request_id=by.request_id, headers=headers, contact_id=contact_id)
        case "claimed":
            message = "A verification is being sent to this number."
            return Outcome("in_progress", 409, "RequestInProgress", message, headers=headers)
        case "unknown":
            message = "A verification may have been sent to this number."
            return Outcome("unknown", 409, "OutcomeUnknown", message, headers=headers)


def spent(seconds_left: float) -> Outcome:
    """Return the outcome of a request that came when the day's budget was spent; in seconds, how long the day is."""
    headers = {"Retry-After": str(math.ceil(seconds_left))}
    return Outcome("failed", 429, "DailyBudgetSpent", "The function has sent all it may in a day.", headers=headers)


def outcome_of(
    error: PayloadRefused | RecordIgnored | MissingCredentials | StoreUnavailable | ResourceDirectoryError,
) -> Outcome:
    """Return what an error means for its request."""
    if isinstance(error, StoreUnavailable):
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        message = "It cannot be said whether a verification was sent to this number before."
        return Outcome("failed", error.http_status, error.code, message, upstream_code=str(error), headers=headers)
    if isinstance(error, RecordIgnored):
        return Outcome("ignored", 200, error.code, error.message)
    if isinstance(error, PayloadRefused):
        return Outcome("rejected", error.http_status, error.code, error.message, headers=error.headers)
    if isinstance(error, MissingCredentials):
        return _misconfigured("MissingCredentials")
    return _outcome_of_call(error)._replace(request_id=error.request_id, attempts=error.attempts)


def _outcome_of_call(error: ResourceDirectoryError) -> Outcome:
    match error:
        case DailyLimitExceeded():
            return Outcome("failed", error.http_status, error.code, error.message, ends_batch=True)
        case RequestRefused():
            return Outcome("rejected", error.http_status, error.code, error.message)
        case Throttled():
            return Outcome("failed", 429, error.code, error.message, headers=_retry_after(error))
        case Unavailable():
            return Outcome("failed", 503, error.code, error.message, headers=_retry_after(error))
        case NonceRefused():
            message = "The request could not be sent at this moment."
            return Outcome(
                "failed",
                503,
                "ServiceUnavailable",
                message,
                upstream_code=error.code,
                headers=_retry_after(error),
            )
        case AccessRefused():
            return _misconfigured(error.code)
        case NoAnswer(timed_out=True):
            return Outcome("unknown", 504, "UpstreamTimeout", error.message, upstream_code=error.code)
        case _:
            return Outcome("unknown", 502, "UpstreamError", error.message, upstream_code=error.code)


def http_reply(outcome: Outcome, function_request_id: str) -> HttpReply:
    """Return the reply over HTTP; its RequestId is the API's where it answered, else the invocation's."""
    request_id = outcome.request_id or function_request_id
    if outcome.status in DONE:
        return json_reply(outcome.http_status, {"RequestId": request_id}, outcome.headers)
    document = {"Code": outcome.code, "Message": outcome.message, "RequestId": request_id}
    return json_reply(outcome.http_status, document, outcome.headers)


def internal_error_reply(function_request_id: str) -> HttpReply:
    """Return the reply over HTTP to a request that met a bug."""
    message = "The function failed; its operator can see why."
    return http_reply(Outcome("failed", 500, "InternalError", message), function_request_id)


def _misconfigured(upstream_code: str) -> Outcome:
    message = "The function may not call the Resource Directory API; its operator can see why."
    return Outcome("failed", 500, "FunctionMisconfigured", message, upstream_code=upstream_code, ends_batch=True)


def _retry_after(error: ResourceDirectoryError) -> Mapping[str, str]:
    return {"Retry-After": str(math.ceil(error.retry_after or RETRY_AFTER_SECONDS))}
