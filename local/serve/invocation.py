"""`Invocation`: one invocation from the moment it was accepted, with its tries, and what each delivery came to."""

import json
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from local.event_reader import trigger_of
from local.instances.instance import InvocationResult
from local.serve.deliveries import Deliveries, Fields, fields_of
from local.serve.log_book import LogLine

MAX_EVENT_BYTES = 256 * 1024
"""Larger events are not kept: they are neither shown nor replayed. No asynchronous invocation has one."""

MAX_LINES_OF_A_TRY = 500

Status = Literal["waiting", "running", "retrying", "succeeded", "failed", "refused"]


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
    """An invocation; times are in Unix seconds.

    Attributes:
        event: None where it is too large to be kept.
        trigger: by which its event is recognised, `none` where it is refused.
        deliveries: what is known of each request in the event.
        asynchronous: nobody waits for its answer, and it is tried up to `tries_allowed` times.
        cause: the invocation that it repeats.
        number: its place among all invocations, from 1.
        revision: a number that grows whenever anything of it changes.
        refusal: the platform's own Code, where the function never saw it.
        sweep: the last line of a run of function 2.
        letter: the number of its dead letter; `letter_left_at` is when that was taken out of the box.
        sent_back_as: the request id under which its dead letter was sent back.

    """

    request_id: str
    function: str
    event: bytes | None
    trigger: str
    deliveries: Deliveries
    asynchronous: bool
    tries_allowed: int
    accepted_at: float
    cause: Cause | None = None
    number: int = 0
    revision: int = 0
    tries: list[Try] = field(default_factory=list)
    finished_at: float | None = None
    refusal: str | None = None
    sweep: Fields | None = None
    letter: int | None = None
    letter_left_at: float | None = None
    sent_back_as: str | None = None

    @property
    def status(self) -> Status:
        """How far it is."""
        if self.refusal:
            return "refused"
        last = self.tries[-1].result if self.tries else None
        if self.finished_at is not None:
            return "failed" if last is None or last.failed else "succeeded"
        if not self.tries:
            return "waiting"
        return "running" if last is None else "retrying"

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
        if fields["message"] in ("phone verification", "email verification"):
            self.deliveries.add_summary(fields)
        elif fields["message"] == "sweep finished":
            self.sweep = fields


def read_invocation(
    request_id: str, function: str, event: bytes, *, asynchronous: bool, tries: int, cause: Cause | None, now: float
) -> Invocation:
    """Return an invocation that was accepted now, with what can be read of its event: the trigger, and about whom."""
    readable = event if len(event) <= MAX_EVENT_BYTES else b""
    return Invocation(
        request_id=request_id,
        function=function,
        event=event if readable == event else None,
        trigger=trigger_of(readable) or "none",
        deliveries=Deliveries(readable),
        asynchronous=asynchronous,
        tries_allowed=tries,
        accepted_at=now,
        cause=cause,
    )
