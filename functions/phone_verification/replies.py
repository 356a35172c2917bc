"""The answers of an invocation: a reply over HTTP, an event's result, or the exception that fails the event."""

import json
from collections.abc import Sequence

from fcapi.errors import EventFailed, EventRejected
from fcapi.events.deliveries import Delivery, PartRefused
from fcapi.replies import HttpReply, json_reply
from phone_verification.masking import loggable_event_id
from phone_verification.outcome import DONE, Outcome

MAX_FAILURES_NAMED = 100
MAX_FAILURES_BYTES = 8 * 1024


def http_reply(outcome: Outcome, function_request_id: str) -> HttpReply:
    """Return the reply over HTTP; its RequestId is the API's where the API answered, else the invocation's.

    A request that was refused here gets a Hint, which the API has not.
    """
    request_id = outcome.request_id or function_request_id
    if outcome.status in DONE:
        return json_reply(outcome.http_status, {"RequestId": request_id}, outcome.headers)
    document = {"Code": outcome.code, "Message": outcome.message, "RequestId": request_id}
    if outcome.hint is not None:
        document["Hint"] = outcome.hint
    return json_reply(outcome.http_status, document, outcome.headers)


def internal_error_reply(function_request_id: str) -> HttpReply:
    """Return the reply over HTTP to a request that met a bug."""
    message = "The function failed; its operator can see why."
    return http_reply(Outcome("failed", 500, "InternalError", message), function_request_id)


def event_result(deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the result of an event whose deliveries were all done, in their order.

    Raises:
        EventRejected: some were not done, and no retry can help.
        EventFailed: some were not done, and a retry can help at least one of them.

    """
    failures = [(index, outcome) for index, outcome in enumerate(outcomes) if outcome.status not in DONE]
    if not failures:
        return {"Results": [_result(outcome) for outcome in outcomes]}
    error = EventRejected if all(outcome.status == "rejected" for _, outcome in failures) else EventFailed
    raise error(_name_failures(deliveries, failures, len(outcomes)))


def _name_failures(deliveries: Sequence[Delivery], failures: Sequence[tuple[int, Outcome]], of: int) -> str:
    text = f"{len(failures)} of {of} deliveries not done:"
    for index, outcome in failures[:MAX_FAILURES_NAMED]:
        delivery = deliveries[index]
        named = {
            "position": index,
            "event_id": loggable_event_id(delivery.event_id, delivery.payload),
            "code": outcome.code,
            "reason": outcome.message if isinstance(delivery.refusal, PartRefused) else None,
        }
        entry = " " + json.dumps({key: value for key, value in named.items() if value is not None})
        if len(text) + len(entry) > MAX_FAILURES_BYTES:
            break
        text += entry
    return text


def _result(outcome: Outcome) -> dict[str, object]:
    if outcome.status == "ignored":
        return {"Status": outcome.status, "Reason": outcome.message}
    return {"Status": outcome.status, "ContactId": outcome.contact_id, "RequestId": outcome.request_id}
