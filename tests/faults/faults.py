"""The faults, and what is expected of each: the one list that tests and docs/faults.md are made of."""

import json
from dataclasses import dataclass, field, replace
from itertools import chain

from phone_verification.outcome import Status
from resource_directory.errors import REFUSALS_BY_OPERATION, SEND_PHONE_VERIFICATION, RequestRefused
from tests.faults import gateway
from tests.faults.gateway import answering
from tests.faults.scenes import (
    Arrange,
    clock_that_is_off,
    dead_addresses,
    injected,
    late_name,
    no_fault,
    over_tls,
    refused_connection,
    through_gateway,
    unknown_name,
)
from tests.integration.raw_server import http_answer

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 5
SHORT_SECONDS = 0.1
HOUR = 3600


@dataclass(frozen=True)
class Expected:
    """What is to come of a request.

    Attributes:
        outcome: what it comes to.
        status: the HTTP status of the reply, and
        code: its Code, which the exception of an event names as well.
        retry_after: the reply's Retry-After.
        attempts: how often the API was called, and
        waits: the seconds in between, the jitter being as long as it may be.
        upstream_code: what only the log line names.
        texts: how many texts went out.
        attempts_later: how many calls it takes to send it, once the fault is over.

    """

    outcome: Status
    status: int
    code: str | None = None
    retry_after: str | None = None
    attempts: int = 1
    waits: tuple[float, ...] = ()
    upstream_code: str | None = None
    texts: int = 0
    attempts_later: int = 1


@dataclass(frozen=True)
class Fault:
    """One fault: its name in the table, its scene, what is expected, and settings that differ from the matrix's."""

    name: str
    arrange: Arrange
    expected: Expected
    settings: dict[str, str] = field(default_factory=dict)


def sent(attempts: int = 1, waits: tuple[float, ...] = ()) -> Expected:
    return Expected("sent", 200, attempts=attempts, waits=waits, texts=1)


def lost(texts: int, upstream_code: str = "NoAnswer", attempts: int = 1, waits: tuple[float, ...] = ()) -> Expected:
    return Expected("unknown", 502, "UpstreamError", None, attempts, waits, upstream_code, texts)


def unusable(texts: int) -> Expected:
    return lost(texts, "UnusableAnswer")


def timed_out(texts: int) -> Expected:
    return Expected("unknown", 504, "UpstreamTimeout", upstream_code="NoAnswer", texts=texts)


def refused(status: int, code: str, retry_after: str = "5", waits: tuple[float, ...] = (0.2, 0.4)) -> Expected:
    """Return what is expected of what was tried again as often as it may be."""
    return Expected("failed", status, code, retry_after, attempts=len(waits) + 1, waits=waits)


def misconfigured(upstream_code: str, attempts: int = 1, waits: tuple[float, ...] = ()) -> Expected:
    return Expected("failed", 500, "FunctionMisconfigured", attempts=attempts, waits=waits, upstream_code=upstream_code)


UNREACHABLE = refused(503, "UpstreamUnreachable")
SHORT_READ = {"READ_TIMEOUT_SECONDS": str(SHORT_SECONDS)}
NO_HTML = b"<html><body>The server is temporarily unable to service your request.</body></html>"


def vendor_error(status: int, code: str, **when: int) -> Arrange:
    return injected({"Kind": "error", "Status": status, "Code": code, **when})


def documented(error: type[RequestRefused]) -> Fault:
    limit = error.code == "SendValidateCodeExceedsLimitForAccount"
    expected = Expected("failed" if limit else "rejected", error.http_status, error.code)
    return Fault(f"{error.http_status} `{error.code}`", vendor_error(error.http_status, error.code), expected)


def html(status: str) -> Fault:
    page = through_gateway(answering(http_answer(NO_HTML, status, "Content-Type: text/html")))
    return Fault(f"{status.partition(' ')[0]} with a page of HTML", page, unusable(0))


def says(status: str = "200 OK", **document: str) -> Arrange:
    """Return the scene of an answer with these fields, and a RequestId."""
    return through_gateway(answering(http_answer(json.dumps({"RequestId": "R", **document}).encode(), status)))


def access_refused(status: int, code: str) -> Fault:
    return Fault(f"{status} `{code}`", vendor_error(status, code), misconfigured(code))


NO_FAULT = [
    Fault("none", no_fault, sent()),
    Fault("none, over TLS", over_tls(), sent()),
    Fault("the interim answers 102 and 103 before the answer", through_gateway(gateway.announce_the_answer), sent()),
]

SHORT_CONNECT = {"CONNECT_TIMEOUT_SECONDS": str(SHORT_SECONDS), "MAX_ATTEMPTS": "1"}
TOO_LATE = refused(503, "UpstreamUnreachable", waits=())

NOT_CONNECTED = [
    Fault("the connection is refused", refused_connection, UNREACHABLE),
    Fault("the name is not resolved", unknown_name, UNREACHABLE),
    Fault("the name is resolved too late", late_name, TOO_LATE, SHORT_CONNECT),
    Fault("none of six addresses answers", dead_addresses, TOO_LATE, SHORT_CONNECT),
    Fault("the certificate is for another name", over_tls(name="other.example.com"), UNREACHABLE),
    Fault("the certificate is of an authority that nobody trusts", over_tls(trusted=False), UNREACHABLE),
    Fault(
        "the other side speaks no TLS",
        over_tls(attack=lambda it: it.connection.sendall(http_answer(b"", "400 Bad Request"))),
        UNREACHABLE,
    ),
    Fault("the connection is reset before the handshake", over_tls(attack=gateway.reset_before_reading), UNREACHABLE),
    Fault(
        "the handshake is not answered",
        over_tls(attack=lambda it: it.wait_for_the_end()),
        TOO_LATE,
        SHORT_CONNECT,
    ),
]

ANSWER_LOST = [
    Fault("reset before the request is read", through_gateway(gateway.reset_before_reading), lost(0)),
    Fault("reset after the request is read", through_gateway(gateway.reset_after_reading), lost(0)),
    Fault("reset after the text is sent", through_gateway(gateway.reset_after_performing), lost(1)),
    Fault("closed after the request is read", injected({"Kind": "drop_before"}), lost(0)),
    Fault("closed after the text is sent", injected({"Kind": "drop_after"}), lost(1)),
    Fault(
        "throttled, then closed after the text is sent",
        injected({"Kind": "throttle", "Times": 1}, {"Kind": "drop_after"}),
        lost(1, attempts=2, waits=(0.2,)),
    ),
    Fault("no answer in time", through_gateway(gateway.keep_silent), timed_out(1), SHORT_READ),
    Fault("the head comes byte by byte", through_gateway(gateway.trickle_the_head), timed_out(1), SHORT_READ),
    Fault("the body comes byte by byte", through_gateway(gateway.trickle_the_body), timed_out(1), SHORT_READ),
    Fault("the same over TLS", over_tls(gateway.trickle_the_body), timed_out(1), SHORT_READ),
    Fault("half an answer, then closed", injected({"Kind": "half_answer"}), lost(1)),
    Fault("Content-Length too large, then closed", through_gateway(gateway.promise_more_and_close), lost(1)),
    Fault(
        "Content-Length too large, then silence",
        through_gateway(gateway.promise_more_and_wait),
        timed_out(1),
        SHORT_READ,
    ),
    Fault("Content-Length too small", through_gateway(gateway.promise_less), unusable(1)),
    Fault("a head without an end", through_gateway(gateway.send_a_head_without_end), lost(1)),
    Fault("two different Content-Lengths", through_gateway(gateway.head_with(b"Content-Length: 1, 2")), lost(1)),
    Fault("a Content-Length below zero", through_gateway(gateway.head_with(b"Content-Length: -1")), lost(1)),
    Fault("a line in the head that is no header", through_gateway(gateway.head_with(b"Content Length 1")), lost(1)),
    Fault("more headers than a head has", through_gateway(gateway.head_with(*[b"X-Another: header"] * 200)), lost(1)),
    Fault("a chunk without a length", through_gateway(gateway.send_a_chunk_then(b"no length\r\n")), lost(1)),
    Fault("a chunk with a length below zero", through_gateway(gateway.send_a_chunk_then(b"-5\r\n12345\r\n")), lost(1)),
    Fault("a chunk of 2^80 bytes", through_gateway(gateway.send_a_chunk_then(b"1" + b"0" * 20 + b"\r\n")), lost(1)),
    Fault("no HTTP", through_gateway(gateway.speak_no_http), lost(1)),
    Fault("interim answers without end", through_gateway(gateway.go_on_announcing), timed_out(1), SHORT_READ),
    Fault("64 MiB of an answer", through_gateway(gateway.send_without_end), unusable(1)),
]

UNUSABLE = [
    *(
        Fault(f"{name}, and the answer behind it", through_gateway(gateway.answer_before(head)), unusable(1))
        for name, head in (
            ("101", b"HTTP/1.1 101 Switching Protocols"),
            ("204", b"HTTP/1.1 204 No Content"),
            ("304", b"HTTP/1.1 304 Not Modified"),
            ("200 without a body", b"HTTP/1.1 200 OK\r\nContent-Length: 0"),
        )
    ),
    Fault("200 with a page of HTML", injected({"Kind": "garbage"}), unusable(1)),
    Fault("200 without a RequestId", injected({"Kind": "no_request_id"}), unusable(1)),
    Fault(
        "200 with a RequestId that is none", through_gateway(answering(http_answer(b'{"RequestId": 7}'))), unusable(0)
    ),
    Fault("200 with an error's Code next to the RequestId", says(Code="InternalError"), lost(0, "InternalError")),
    Fault("200 with a RequestId that has a part of the number", says(RequestId="A-1390000-1"), unusable(0)),
    Fault("200 with a RequestId that has a part of the token", says(RequestId="A-LOCAL-TOK-1"), unusable(0)),
    Fault(
        "400 with a Code that has a part of the number",
        says("400 Bad Request", Code="Throttling.1390.0001"),
        unusable(0),
    ),
    Fault(
        "the request is delivered twice, and the answer is the second one",
        through_gateway(gateway.deliver_twice),
        lost(1, "SignatureNonceUsed"),
    ),
    Fault(
        "202 with a RequestId",
        through_gateway(answering(http_answer(b'{"RequestId": "R"}', "202 Accepted"))),
        unusable(0),
    ),
    Fault("302 to a place that would say yes", injected({"Kind": "redirect"}), unusable(0)),
    Fault("500 `InternalError`", vendor_error(500, "InternalError"), lost(0, "InternalError")),
    Fault("400 with a Code that is not documented", vendor_error(400, "Undocumented"), lost(0, "Undocumented")),
    Fault(
        "503 `ServiceUnavailable` without a RequestId",
        through_gateway(
            answering(http_answer(json.dumps({"Code": "ServiceUnavailable"}).encode(), "503 Service Unavailable"))
        ),
        lost(0, "ServiceUnavailable"),
    ),
    *map(html, ("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")),
]

REFUSED = [documented(error) for error in REFUSALS_BY_OPERATION[SEND_PHONE_VERIFICATION].values()]

FOR_THE_MOMENT = [
    Fault("`Throttling.User`, once", injected({"Kind": "throttle", "Times": 1}), sent(2, (0.2,))),
    Fault("`Throttling.User`", injected({"Kind": "throttle"}), refused(429, "Throttling.User")),
    Fault(
        "`Throttling.User`, once, x-acs-retry-after: 1500",
        injected({"Kind": "throttle", "RetryAfterMs": 1500, "Times": 1}),
        sent(2, (1.7,)),
    ),
    Fault(
        "`Throttling.User`, x-acs-retry-after: 1500",
        injected({"Kind": "throttle", "RetryAfterMs": 1500}),
        refused(429, "Throttling.User", "2", (1.7, 1.9)),
    ),
    Fault(
        "`Throttling.User`, x-acs-retry-after: 90000, past the time limit",
        injected({"Kind": "throttle", "RetryAfterMs": 90_000}),
        refused(429, "Throttling.User", "90", ()),
    ),
    *(
        Fault(f"`{code}`", vendor_error(400, code), refused(429, code))
        for code in ("Throttling", "Throttling.Api", "Rejected.Throttling")
    ),
    Fault("503 `ServiceUnavailable`, once", vendor_error(503, "ServiceUnavailable", Times=1), sent(2, (0.2,))),
    Fault("503 `ServiceUnavailable`", vendor_error(503, "ServiceUnavailable"), refused(503, "ServiceUnavailable")),
]

ACCESS = [
    access_refused(400, "InvalidSecurityToken.Expired"),
    access_refused(404, "InvalidAccessKeyId.NotFound"),
    access_refused(400, "MissingSecurityToken"),
    access_refused(400, "InvalidTimeStamp.Format"),
    access_refused(400, "SignatureDoesNotMatch"),
    access_refused(400, "IncompleteSignature"),
    access_refused(403, "NoPermission"),
    access_refused(403, "Forbidden.RAM"),
    Fault("the function's clock is an hour ahead", clock_that_is_off(HOUR), sent(2, (0.2,))),
    Fault("the function's clock is an hour behind", clock_that_is_off(-HOUR), sent(2, (0.2,))),
    Fault(
        "an hour ahead, and the answer has no Date",
        through_gateway(gateway.hide_the_date, clock_ahead=HOUR),
        replace(misconfigured("InvalidTimeStamp.Expired"), attempts_later=2),
    ),
    Fault(
        "400 `InvalidTimeStamp.Expired`, whatever the date",
        vendor_error(400, "InvalidTimeStamp.Expired"),
        misconfigured("InvalidTimeStamp.Expired", 2, (0.2,)),
    ),
]

SECTIONS = {
    "No fault": NO_FAULT,
    "No connection": NOT_CONNECTED,
    "An answer that is lost on the way": ANSWER_LOST,
    "An answer that says neither yes nor no": UNUSABLE,
    "The API refuses the request": REFUSED,
    "The API is not able to for the moment": FOR_THE_MOMENT,
    "The API refuses the caller": ACCESS,
}

FAULTS = list(chain.from_iterable(SECTIONS.values()))
