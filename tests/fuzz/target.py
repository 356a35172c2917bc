"""Runs a whole handler on an event and judges all that comes out of it: value or exception, log, time and memory."""

import io
import json
import re
import resource
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

import fcapi.errors
import resend_pending_verifications
import send_phone_verification
from fcapi.errors import EventFailed, InternalError
from fcapi.redaction import redact
from fcapi.testing import make_context
from phone_verification.log_fields import LogFields
from tests.addresses import ADDRESSES
from tests.fuzz.mutations import HostileEvent
from tests.handlers import EXAMPLE_IN_HINT, FUNCTION_REQUEST_ID, NEVER_SHOWN, LocalFunction

MAX_CPU_SECONDS = 2.0
"""For one event of up to 256 KB; what it takes is a hundredth of that, but a shared machine has its moments."""

MAX_GROWTH_KILOBYTES = 48_000
"""By how much one event may raise the process's peak of resident memory."""

MAX_LINE_BYTES = 32 * 1024
"""Function Compute cuts a longer line of the log."""

STATUSES = {200, 400, 404, 405, 409, 413, 415, 429, 502, 503, 504}
REPLY_HEADERS = {"Content-Type", "Allow", "Retry-After", "Idempotency-Replayed"}
MESSAGES = {
    "phone verification",
    "email verification",
    "event failed",
    "sweep finished",
    "listing failed",
    "would send",
}
MESSAGES_AT_DEBUG = {"api attempt", "api wait", "cooldown"}
LOG_FIELDS = LogFields.__annotations__.keys() - {"exception_name", "exception"}
FAILURES = {name for name, kind in vars(fcapi.errors).items() if isinstance(kind, type)} - {"InternalError"}

_SENDERS_OWN = ("contact_id", "event_id", "correlation_id")
"""The fields that show what whoever sent the event chose: an id, by which an operator finds it again."""

_MANY_DIGITS = re.compile(r"[0-9]{7}")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")


class Finding(AssertionError):
    """A handler did what it must not; the text says what."""


@dataclass(frozen=True, slots=True)
class CameOut:
    """All that came out of an invocation."""

    result: Any
    error: BaseException | None
    written: tuple[str, ...]
    printed: str
    cpu_seconds: float
    growth_kilobytes: int


class Target:
    """One instance of each function, kept, with an API to call."""

    def __init__(self, endpoint: str) -> None:
        self._written: list[str] = []
        settings = {"LOG_LEVEL": "DEBUG", "MAX_ATTEMPTS": "1"}
        self._instances = [
            LocalFunction(endpoint, settings, module=module).kept(write=self.write)
            for module in (send_phone_verification, resend_pending_verifications)
        ]

    def __call__(self, event: HostileEvent) -> CameOut:
        """Invoke the function that the event is meant for."""
        return self.invoke(event.content, ticks=event.ticks)

    def invoke(self, content: bytes, *, ticks: bool = False) -> CameOut:
        """Invoke function 1, or function 2 with what `ticks`."""
        instance = self._instances[ticks]
        context = make_context(request_id=FUNCTION_REQUEST_ID)
        self._written.clear()
        result, error, printed = None, None, io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            peak, started = _peak_kilobytes(), time.thread_time()
            try:
                result = instance.invoke(content, context)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as raised:  # noqa: BLE001 -- what is no Exception would end the instance
                error = raised
            cpu_seconds, growth = time.thread_time() - started, _peak_kilobytes() - peak
        return CameOut(result, error, tuple(self._written), printed.getvalue(), cpu_seconds, growth)

    def write(self, line: str) -> None:
        """Print a line of the log, and keep it: lines are judged apart from all else that is printed."""
        self._written.append(line)
        sys.stdout.write(line)


@contextmanager
def refusing_endpoint() -> Iterator[str]:
    """Hold a port that refuses connections at once, so that all runs up to the call, and nothing is ever sent."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def judge(event: HostileEvent, came_out: CameOut) -> str:
    """Return what came of an event, in a word.

    Raises:
        Finding: it is not one of those things that may come of it, or it gives out what it must not.

    """
    all_lines = [_line(text) for text in came_out.written]
    lines = [line for line in all_lines if line.get("level") != "DEBUG"]
    _require(came_out.printed == "".join(came_out.written), "something was printed that is not of the log")
    _require(came_out.cpu_seconds < MAX_CPU_SECONDS, f"it took {came_out.cpu_seconds:.1f} s of CPU time")
    _require(came_out.growth_kilobytes < MAX_GROWTH_KILOBYTES, f"it took {came_out.growth_kilobytes} KB of memory")
    if came_out.error is not None:
        kind, shown = _judge_failure(came_out.error, lines)
    elif isinstance(came_out.result, dict) and "statusCode" in came_out.result:
        kind, shown = _judge_reply(came_out.result, lines)
    else:
        kind, shown = _judge_result(came_out.result, lines, ticks=event.ticks)
    _judge_what_is_shown([*all_lines, *shown], event)
    _judge_redaction(event.content.decode("utf-8", "replace"))
    return kind


def _line(text: str) -> dict[str, Any]:
    _require(text.endswith("\n") and text.count("\n") == 1 and "\r" not in text, "a write is not one line")
    _require(len(text.encode()) <= MAX_LINE_BYTES, "a line of the log is over 32 KB")
    line: dict[str, Any] = json.loads(text)
    _require(line.keys() <= LOG_FIELDS, "a line of the log has a field that none has")
    _require(line["service"] == "phone-verification", "a line of the log is of another service")
    messages = MESSAGES_AT_DEBUG if line.get("level") == "DEBUG" else MESSAGES
    _require(line["message"] in messages, f"a line of the log says {line['message']!r}")
    flat = [value for field, value in line.items() if field != "emails"] + list(line.get("emails", {}).values())
    _require(not any(isinstance(value, (dict, list)) for value in flat), "a field of the log is not flat")
    return line


def _judge_failure(error: BaseException, lines: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    name = type(error).__name__
    _require(isinstance(error, EventFailed) and not isinstance(error, InternalError), f"it failed with {name}")
    _require(name in FAILURES, f"it failed with {name}")
    _require(error.__cause__ is None, "its failure has another one's trace")
    _require(error.__context__ is None or error.__suppress_context__, "its failure has another one's trace")
    if lines[-1]["message"] != "sweep finished":
        _require(lines[-1]["message"] == "event failed", "the log does not end with the failure")
        _require(lines[-1]["reason"] == str(error), "the log gives another reason than the exception")
        _judge_deliveries(lines[:-1])
    return name, _failures_named(str(error))


def _judge_reply(reply: dict[str, Any], lines: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    json.dumps(reply)
    _require(reply.keys() == {"statusCode", "headers", "isBase64Encoded", "body"}, "the reply has not its structure")
    _require(type(reply["statusCode"]) is int and reply["statusCode"] in STATUSES, f"status {reply['statusCode']}")
    _require(reply["headers"].keys() <= REPLY_HEADERS, "the reply has a header that none has")
    body = json.loads(reply["body"])
    failed = {"Code", "Message", "RequestId"}
    _require(body.keys() in ({"RequestId"}, failed, {*failed, "Hint"}), "the body has not its fields")
    _require((reply["statusCode"] == 200) == (body.keys() == {"RequestId"}), "status and body disagree")
    _judge_deliveries(lines)
    _require(len(lines) == 1, f"{len(lines)} lines for one request")
    return f"reply {reply['statusCode']}", [reply["headers"], body]


def _judge_result(result: Any, lines: list[dict[str, Any]], *, ticks: bool) -> tuple[str, list[dict[str, Any]]]:
    json.dumps(result)
    if ticks:
        counts = ["Pending", "Sent", "Skipped", "Failed", "Left"]
        _require(list(result) == [*counts, "DryRun", "StoppedBy", "Emails"], "a run's result has not its counts")
        _require(list(result["Emails"]) == [*counts, "StoppedBy"], "a run's result has not its counts of e-mails")
        _require(lines[-1]["message"] == "sweep finished", "the log does not end with the counts")
        return "counts", [result]
    _require(list(result) == ["Results"], "the result has not its one field")
    _judge_deliveries(lines)
    _require(len(lines) == len(result["Results"]), "not as many lines as results")
    for item in result["Results"]:
        ignored = item == {"Status": "ignored", "Reason": item.get("Reason")}
        _require(ignored or item.keys() == {"Status", "ContactId", "RequestId"}, "a result has not its fields")
    return "result", [
        {"contact_id" if key == "ContactId" else key: item[key] for key in item} for item in result["Results"]
    ]


def _judge_deliveries(lines: list[dict[str, Any]]) -> None:
    for index, line in enumerate(lines):
        _require(line["message"] == "phone verification", "a line that is no delivery's")
        _require(line["delivery_index"] == index, "a delivery's line is missing, or there twice")
        _require(line["batch_size"] == len(lines), f"{len(lines)} lines for {line['batch_size']} deliveries")


def _failures_named(text: str) -> list[dict[str, Any]]:
    """Return the failures that a text names, and what else it says."""
    head, colon, rest = text.partition(" deliveries not done:")
    if not colon:
        return [{"text": text}]
    decoder, named, at = json.JSONDecoder(), [], 0
    while at < len(rest):
        entry, at = decoder.raw_decode(rest, at + 1)
        named.append(entry)
    return [{"text": head}, *named]


def _judge_what_is_shown(shown: list[dict[str, Any]], event: HostileEvent) -> None:
    for document in shown:
        for field, value in document.items():
            if field == "reason" and document.get("message") == "event failed":
                continue  # the exception's text: its parts are judged one by one
            text = value if isinstance(value, str) else json.dumps(value)
            text = text.replace(EXAMPLE_IN_HINT, "")
            _require(_PRINTABLE.fullmatch(text) is not None, f"{field} has a character that is not plain")
            if field not in _SENDERS_OWN:
                _require(event.marker.lower() not in text.lower(), f"{field} gives input back")
            _require(not ADDRESSES.search(text), f"{field} shows an e-mail address")
            for secret in NEVER_SHOWN:
                _require(secret not in text, f"{field} shows a number or a part of the credentials")
            is_id = field in (*_SENDERS_OWN, "api_request_id", "RequestId") and _is_an_id_of_the_platform(text)
            digits = re.sub("[._:/*@#-]", "", text) if field in _SENDERS_OWN else text
            _require(is_id or not _MANY_DIGITS.search(digits), f"{field} shows seven digits in a row")


def _judge_redaction(content: str) -> None:
    """Judge what the log would have of an event that comes into the text of a bug."""
    if "example" in content.lower():
        _require(not ADDRESSES.search(redact(content)), "redaction leaves an e-mail address")


def _is_an_id_of_the_platform(text: str) -> bool:
    """Tell by the length of its groups: no number is as long as the shortest of them together."""
    groups = [len(group) for group in text.split("-")]
    match groups:
        case [24] | [32] | [34] | [56] | [1, 8, 24]:
            return True
        case [1, 8, second, third]:
            return second >= 3 and third >= 9
        case [16, _, third, fourth]:
            return third >= 8 and fourth >= 6
        case [first, 4, 4, 4, last, *suffix]:
            return first >= 8 and last >= 7 and len(suffix) <= 1
    return False


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise Finding(otherwise)


def _peak_kilobytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak
