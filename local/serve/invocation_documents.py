"""An invocation as the control routes show it: JSON, as a summary or with each of its tries."""

from datetime import datetime, timezone

from local.serve.deliveries import Delivery, Fields
from local.serve.invocation import Invocation, Try

_COUNTS = ("pending", "sent", "skipped", "given_up", "failed", "left", "dry_run", "stopped_by", "code", "emails")


def summary(invocation: Invocation) -> dict[str, object]:
    """Return what a list shows of it."""
    sweep, cause = invocation.sweep, invocation.cause
    return {
        "Number": invocation.number,
        "RequestId": invocation.request_id,
        "Function": invocation.function,
        "Trigger": invocation.trigger,
        "Async": invocation.asynchronous,
        "Status": invocation.status,
        "AcceptedAt": moment(invocation.accepted_at),
        "FinishedAt": moment(invocation.finished_at),
        "Tries": len(invocation.tries),
        "TriesAllowed": invocation.tries_allowed,
        "Deliveries": [_delivery(each) for each in invocation.deliveries],
        "Outcomes": invocation.deliveries.outcomes(),
        "Sweep": {name: sweep.get(name) for name in _COUNTS} if sweep else None,
        "Error": _error(invocation.tries[-1].error if invocation.tries else None),
        "Refusal": invocation.refusal,
        "Cause": {"Kind": cause.kind, "RequestId": cause.request_id} if cause else None,
        "DeadLetter": invocation.letter,
        "LetterLeftAt": moment(invocation.letter_left_at),
        "SentBackAs": invocation.sent_back_as,
    }


def story(invocation: Invocation) -> dict[str, object]:
    """Return the summary, and each try: its times, its lines, its answer."""
    return {**summary(invocation), "TriesMade": [_try(each) for each in invocation.tries]}


def moment(seconds: float | None) -> str | None:
    """Return Unix seconds as ISO 8601, in UTC, with milliseconds."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _delivery(delivery: Delivery) -> dict[str, object]:
    return {
        "ContactId": delivery.contact_id,
        "PhoneNumber": delivery.phone_number,
        "EmailAddress": delivery.email_address,
        "Outcome": delivery.outcome,
        "Code": delivery.code,
        "UpstreamCode": delivery.upstream_code,
        "ApiRequestId": delivery.api_request_id,
        "Attempts": delivery.attempts,
    }


def _try(one: Try) -> dict[str, object]:
    return {
        "Number": one.number,
        "InstanceId": one.instance_id,
        "ColdStart": one.cold_start,
        "StartedAt": moment(one.started_at),
        "EndedAt": moment(one.ended_at),
        "Failed": one.result.failed if one.result else None,
        "Payload": one.result.payload.decode("utf-8", "replace") if one.result else None,
        "Error": _error(one.error),
        "Lines": [{"At": moment(line.at), "Text": line.text} for line in one.lines],
    }


def _error(document: Fields | None) -> dict[str, object] | None:
    return {"Type": document.get("errorType"), "Message": document.get("errorMessage")} if document else None
