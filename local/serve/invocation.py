"""`Invocation`: one invocation from the moment it was accepted, with its tries, and what each delivery came to."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal, NamedTuple

from local.event_reader import requests_in, trigger_of
from local.instances.instance import InvocationResult
from local.serve.log_book import LogLine
from phone_verification.masking import loggable_contact_id, loggable_phone_number

MAX_EVENT_BYTES = 256 * 1024
"""Larger events are not kept: they are neither shown nor replayed. No asynchronous invocation has one."""

MAX_LINES_OF_A_TRY = 500

Fields = Mapping[str, Any]
"""The fields of a log line of a function."""


class Cause(NamedTuple):
    """The invocation that another one repeats: its dead letter was sent back, or its event was replayed."""

    kind: Literal["dead_letter", "replay"]
    request_id: str


@dataclass(slots=True)
class Try:
    """One call of the function. Times are in Unix seconds; `result` is None until it ends."""

    number: int
    instance_id: str
    cold_start: bool
    started_at: float
    ended_at: float | None = None
    result: InvocationResult | None = None
    lines: list[LogLine] = field(default_factory=list)

    @property
    def error(self) -> Fields | None:
        """The error document of a function that failed."""
        if self.result is None or not self.result.failed:
            return None
        document: Fields = json.loads(self.result.payload)
        return document


@dataclass(slots=True)
class Invocation:
    """An invocation; `event` is None where it is too large to be kept.

    Attributes:
        number: its place among all invocations, from 1, once it is in the journal.
        revision: a number that grows whenever anything of it changes.
        trigger: by which its event is recognised, `none` where it is refused.
        asynchronous: nobody waits for its answer, and it is tried up to `tries_allowed` times.
        cause: the invocation that it repeats.
        refusal: the platform's own Code, where the function never saw it.
        deliveries: what is known of each, by its index.
        sweep: the last line of a run of function 2.
        letter: the number of its dead letter; `letter_left_at` is when that was taken out of the box.
        sent_back_as: the request id under which its dead letter was sent back.

    """

    request_id: str
    function: str
    event: bytes | None
    trigger: str
    asynchronous: bool
    tries_allowed: int
    accepted_at: float
    cause: Cause | None = None
    number: int = 0
    revision: int = 0
    tries: list[Try] = field(default_factory=list)
    finished_at: float | None = None
    refusal: str | None = None
    deliveries: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    sweep: Fields | None = None
    letter: int | None = None
    letter_left_at: float | None = None
    sent_back_as: str | None = None

    @property
    def status(self) -> str:
        """How far it is."""
        if self.refusal:
            return "refused"
        if self.finished_at is None:
            if not self.tries:
                return "waiting"
            return "running" if self.tries[-1].result is None else "retrying"
        last = self.tries[-1].result if self.tries else None
        return "failed" if last is None or last.failed else "succeeded"

    def add_line(self, line: LogLine) -> None:
        """Take a line of its log into account."""
        if not self.tries:
            return
        lines = self.tries[-1].lines
        if len(lines) < MAX_LINES_OF_A_TRY:
            lines.append(line)
        fields = fields_of(line.text)
        if fields is None:
            return
        if fields["message"] == "phone verification":
            self._add_outcome(fields)
        elif fields["message"] == "sweep finished":
            self.sweep = {name: fields.get(name) for name in _COUNTS}

    def summary(self) -> dict[str, object]:
        """Return what a list shows of it, as JSON."""
        last = self.tries[-1] if self.tries else None
        error = last.error if last else None
        return {
            "Number": self.number,
            "RequestId": self.request_id,
            "Function": self.function,
            "Trigger": self.trigger,
            "Async": self.asynchronous,
            "Status": self.status,
            "AcceptedAt": moment(self.accepted_at),
            "FinishedAt": moment(self.finished_at),
            "Tries": len(self.tries),
            "TriesAllowed": self.tries_allowed,
            "Deliveries": [self.deliveries[index] for index in sorted(self.deliveries)],
            "Outcomes": Counter(str(each["Outcome"]) for each in self.deliveries.values() if each["Outcome"]),
            "Sweep": self.sweep,
            "Error": error and {"Type": error.get("errorType"), "Message": error.get("errorMessage")},
            "Refusal": self.refusal,
            "Cause": self.cause and {"Kind": self.cause.kind, "RequestId": self.cause.request_id},
            "DeadLetter": self.letter,
            "LetterLeftAt": moment(self.letter_left_at),
            "SentBackAs": self.sent_back_as,
        }

    def story(self) -> dict[str, object]:
        """Return the summary with each try: its times, its lines, what it answered."""
        return {**self.summary(), "TriesMade": [_try_body(each) for each in self.tries]}

    def _add_outcome(self, fields: Fields) -> None:
        if len(self.deliveries) != fields.get("batch_size"):
            # What was read of the event before is in another order than the function's: some of it is no request.
            self.deliveries = {index: each for index, each in self.deliveries.items() if each["Outcome"]}
        index, outcome = fields.get("delivery_index"), fields.get("outcome")
        if not isinstance(index, int) or not isinstance(outcome, str):
            return  # a line that only looks like the functions' own
        before = self.deliveries.get(index, _NOTHING)
        if before["Outcome"] == "sent" and outcome == "duplicate":
            return  # what an earlier try sent, and this one was kept from sending again
        attempts = fields.get("attempts")
        self.deliveries[index] = {
            "ContactId": _text(fields, "contact_id"),
            "PhoneNumber": _text(fields, "phone_number"),
            "Outcome": outcome,
            "Code": _text(fields, "code"),
            "UpstreamCode": _text(fields, "upstream_code"),
            "ApiRequestId": _text(fields, "api_request_id"),
            "Attempts": before["Attempts"] + (attempts if isinstance(attempts, int) else 0),
        }


_NOTHING: Mapping[str, Any] = {
    "ContactId": None,
    "PhoneNumber": None,
    "Outcome": None,
    "Code": None,
    "UpstreamCode": None,
    "ApiRequestId": None,
    "Attempts": 0,
}
"""What is known of a delivery before the function says anything of it. Attempts are calls of the API, in all tries."""

_COUNTS = ("pending", "sent", "skipped", "given_up", "failed", "left", "dry_run", "stopped_by", "code")


def read_invocation(
    request_id: str, function: str, event: bytes, *, asynchronous: bool, tries: int, cause: Cause | None, now: float
) -> Invocation:
    """Return an invocation that was accepted now, with what can be read of its event: the trigger, and about whom."""
    kept = event if len(event) <= MAX_EVENT_BYTES else None
    invocation = Invocation(
        request_id=request_id,
        function=function,
        event=kept,
        trigger=(trigger_of(kept) if kept is not None else None) or "none",
        asynchronous=asynchronous,
        tries_allowed=tries,
        accepted_at=now,
        cause=cause,
    )
    for index, request in enumerate(requests_in(kept) if kept is not None else []):
        if invocation.trigger != "timer" or "ContactId" in request:
            invocation.deliveries[index] = _asked(request)
    return invocation


def fields_of(text: str) -> Fields | None:
    """Return the fields of a line that a function's logger wrote, None for any other line."""
    if not text.startswith("{"):
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields.get("message"), str) else None


def moment(seconds: float | None) -> str | None:
    """Return Unix seconds as JSON has them here: ISO 8601, in UTC, with milliseconds."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _asked(request: Mapping[str, object]) -> Mapping[str, Any]:
    fields = dict(request)
    asked = {"ContactId": loggable_contact_id(fields), "PhoneNumber": loggable_phone_number(fields)}
    return {**_NOTHING, **asked}


def _text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def _try_body(one: Try) -> dict[str, object]:
    error = one.error
    return {
        "Number": one.number,
        "InstanceId": one.instance_id,
        "ColdStart": one.cold_start,
        "StartedAt": moment(one.started_at),
        "EndedAt": moment(one.ended_at),
        "Failed": one.result.failed if one.result else None,
        "Payload": one.result.payload.decode("utf-8", "replace") if one.result else None,
        "Error": error and {"Type": error.get("errorType"), "Message": error.get("errorMessage")},
        "Lines": [{"At": moment(line.at), "Text": line.text} for line in one.lines],
    }
