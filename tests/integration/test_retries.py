"""What is tried again in place and what never is, and connections that a freeze of the platform may have outlived."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import chain, repeat
from typing import Any

import pytest
import requests

import resend_pending_verifications
from fcapi.errors import EventFailed
from local.emulator.server import Emulator
from tests.handlers import REQUEST, Clock, Invoked, LocalFunction, http_event
from tests.integration.raw_server import RawServer, http_answer, raw_server, read_request

REQUEST_ID = "CD76D376-2517-4924-92C5-DBC52262F93A"
YES = json.dumps({"RequestId": REQUEST_ID}).encode()
KEEPING_YES = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(YES), YES)
HOUR = 3600

Answerer = Callable[[socket.socket], None]


def refusal(code: str, *headers: str, status: str = "400 Bad Request") -> bytes:
    """Return an error in the vendor's shape."""
    return http_answer(json.dumps({"Code": code, "Message": "no", "RequestId": REQUEST_ID}).encode(), status, *headers)


def in_turn(*answers: bytes) -> Answerer:
    """Return what gives each connection the next of the answers, and the last one to all that come then."""
    rest = chain(answers, repeat(answers[-1]))
    return lambda connection: connection.sendall(next(rest))


def inject(emulator: Emulator, **fault: Any) -> None:
    message = {"Message": "no"} if fault["Kind"] == "error" else {}
    requests.post(f"{emulator.url}/_emulator/faults", json={**message, **fault}, timeout=5).raise_for_status()


def whole_seconds() -> Clock:
    """Return a clock whose sums are exact."""
    return Clock(float(int(time.time())))


def told(invoked: Invoked) -> tuple[str, int]:
    """Return what the log line says: the outcome, and the attempts that it took."""
    return invoked.line["outcome"], invoked.line["attempts"]


def header_of(request: bytes, name: str) -> str:
    found = re.search(rf"(?im)^{name}: (.*)\r$", request.decode())
    assert found
    return found[1]


RETRIED = [
    *((code, "400 Bad Request") for code in ("Throttling", "Throttling.User", "Throttling.Api", "Rejected.Throttling")),
    ("Throttling.User", "429 Too Many Requests"),
    ("ServiceUnavailable", "503 Service Unavailable"),
    ("ServiceUnavailable", "500 Internal Server Error"),
]


@pytest.mark.parametrize(("code", "status"), RETRIED)
def test_what_surely_sent_nothing_is_tried_up_to_the_limit_each_time_signed_anew(code: str, status: str) -> None:
    with raw_server(in_turn(refusal(code, status=status))) as server:
        invoked = LocalFunction(server.url).kept(Clock())(http_event())
    assert told(invoked) == ("failed", 3)
    assert invoked.line["code"] == code
    assert len(server.received) == 3
    assert len({header_of(request, "x-acs-signature-nonce") for request in server.received}) == 3
    assert len({header_of(request, "authorization") for request in server.received}) == 3


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_max_attempts_is_how_often_a_call_is_made(limit: int) -> None:
    clock = Clock()
    with raw_server(in_turn(refusal("Throttling.User"))) as server:
        invoked = LocalFunction(server.url, {"MAX_ATTEMPTS": str(limit)}).kept(clock)(http_event())
    assert told(invoked) == ("failed", limit)
    assert len(server.received) == limit
    assert len(clock.slept) == limit - 1


def test_a_connection_that_cannot_be_made_is_tried_up_to_the_limit() -> None:
    clock = Clock()
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        invoked = LocalFunction(url).kept(clock)(http_event())
    assert told(invoked) == ("failed", 3)
    assert invoked.body["Code"] == "UpstreamUnreachable"
    assert len(clock.slept) == 2


def test_a_short_time_for_connecting_is_all_used(emulator: Emulator) -> None:
    invoked = LocalFunction(emulator.url, {"CONNECT_TIMEOUT_SECONDS": "1"})(http_event())
    assert told(invoked) == ("sent", 1)


@pytest.mark.parametrize("event", [http_event(), REQUEST])
def test_what_passes_by_itself_ends_in_one_text(emulator: Emulator, event: dict[str, Any]) -> None:
    inject(emulator, Kind="throttle")
    inject(emulator, Kind="error", Status=503, Code="ServiceUnavailable")
    invoked = LocalFunction(emulator.url).kept(Clock())(event)
    assert told(invoked) == ("sent", 3)
    (message,) = emulator.directory.messages()
    assert invoked.line["api_request_id"] == message.request_id


def test_waits_have_full_jitter_below_a_bound_that_doubles() -> None:
    clock, bounds = Clock(), []

    def uniform(low: float, high: float) -> float:
        bounds.append((low, high))
        return high / 4

    with raw_server(in_turn(refusal("Throttling.User"))) as server:
        LocalFunction(server.url, {"MAX_ATTEMPTS": "5"}).kept(clock, uniform=uniform)(http_event())
    assert bounds[:4] == [(0, 0.2), (0, 0.4), (0, 0.8), (0, 1.6)]
    assert clock.slept == [0.05, 0.1, 0.2, 0.4]


@pytest.mark.parametrize("code", ["Throttling.User", "ServiceUnavailable"])
def test_the_wait_that_the_api_asks_for_comes_before_the_jitter(code: str) -> None:
    clock = Clock()
    with raw_server(in_turn(refusal(code, "x-acs-retry-after: 1500"))) as server:
        invoked = LocalFunction(server.url).kept(clock, uniform=lambda _, high: high)(http_event())
    assert clock.slept == [1.7, 1.9]
    assert invoked.result["headers"]["Retry-After"] == "2"


@pytest.mark.parametrize("milliseconds", ["5", "000000005"])
def test_the_api_may_ask_for_a_few_milliseconds(milliseconds: str) -> None:
    clock = Clock()
    answers = [refusal("Throttling.User", f"x-acs-retry-after: {milliseconds}"), http_answer(YES)]
    with raw_server(in_turn(*answers)) as server:
        invoked = LocalFunction(server.url).kept(clock, uniform=lambda low, _: low)(http_event())
    assert told(invoked) == ("sent", 2)
    assert clock.slept == [0.005]


def test_the_api_may_ask_for_no_more_than_two_minutes() -> None:
    clock = Clock()
    with raw_server(in_turn(refusal("Throttling.User", "x-acs-retry-after: 600000"))) as server:
        invoked = LocalFunction(server.url).kept(clock, uniform=lambda low, _: low)(http_event(), timeout=600)
    assert clock.slept == [120, 120]
    assert invoked.result["headers"]["Retry-After"] == "120"


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "soon", "", "9999999999", "\N{SUPERSCRIPT TWO}"])
def test_a_wait_that_is_no_number_of_milliseconds_is_not_heard(value: str) -> None:
    clock = Clock()
    answers = [refusal("Throttling.User", f"x-acs-retry-after: {value}"), http_answer(YES)]
    with raw_server(in_turn(*answers)) as server:
        invoked = LocalFunction(server.url).kept(clock, uniform=lambda _, high: high)(http_event())
    assert told(invoked) == ("sent", 2)
    assert clock.slept == [0.2]


@pytest.mark.parametrize(
    ("milliseconds", "timeout", "attempts"),
    # One attempt may take 3 + 10 seconds, and one second is kept for the reply.
    [(1000, 14, 1), (1000, 15, 2), (1000, 16, 3), (2000, 15, 1), (100, 13, 1), (59_000, 60, 1)],
)
def test_another_attempt_is_made_only_if_the_whole_of_it_fits_into_the_time(
    milliseconds: int, timeout: int, attempts: int
) -> None:
    clock = whole_seconds()
    with raw_server(in_turn(refusal("Throttling.User", f"x-acs-retry-after: {milliseconds}"))) as server:
        function = LocalFunction(server.url).kept(clock, uniform=lambda low, _: low)
        invoked = function(http_event(), timeout=timeout)
    assert told(invoked) == ("failed", attempts)
    assert len(clock.slept) == attempts - 1


def test_a_deadline_counts_what_was_waited_before() -> None:
    clock = whole_seconds()
    with raw_server(in_turn(refusal("Throttling.User"))) as server:
        function = LocalFunction(server.url, {"MAX_ATTEMPTS": "5"}).kept(clock, uniform=lambda _, high: high)
        invoked = function(http_event(), timeout=15)  # 14 - 13 = 1 second for 0.2 + 0.4 + 0.8
    assert told(invoked) == ("failed", 3)


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_a_clock_that_is_off_is_set_once_by_the_date_of_the_answer(emulator: Emulator, seconds: int) -> None:
    invoked = LocalFunction(emulator.url).kept(Clock(time.time() + seconds))(http_event())
    assert told(invoked) == ("sent", 2)
    assert len(emulator.directory.messages()) == 1


def test_the_date_of_the_answer_is_the_one_that_is_signed_with() -> None:
    there = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=8)))
    expired = refusal("InvalidTimeStamp.Expired", f"Date: {format_datetime(there)}")
    with raw_server(in_turn(expired, refusal("Throttling.User"), http_answer(YES))) as server:
        assert told(LocalFunction(server.url).kept(Clock())(http_event())) == ("sent", 3)
    dates = [header_of(request, "x-acs-date") for request in server.received]
    assert dates[1:] == ["2030-01-01T19:04:05Z"] * 2
    assert dates[0] != dates[1]


def test_a_date_that_is_not_taken_either_is_not_tried_a_third_time() -> None:
    expired = refusal("InvalidTimeStamp.Expired", "Date: Tue, 01 Jan 2030 00:00:00 GMT")
    with raw_server(in_turn(expired)) as server:
        invoked = LocalFunction(server.url).kept(Clock())(http_event())
    assert told(invoked) == ("failed", 2)
    assert invoked.line["upstream_code"] == "InvalidTimeStamp.Expired"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Date: "],
        ["Date: yesterday"],
        ["Date: Tue, 01 Jan 99999999999999999999 00:00:00 GMT"],
        ["Date: Tue, 01 Jan 2030 00:00:00 +99999999999999999999"],
        ["Date: Fri, 31 Dec 9999 23:59:59 -2300"],
    ],
)
def test_without_a_date_that_can_be_read_an_expired_timestamp_is_not_tried_again(headers: list[str]) -> None:
    with raw_server(in_turn(refusal("InvalidTimeStamp.Expired", *headers), http_answer(YES))) as server:
        function = LocalFunction(server.url).kept(Clock())
        invoked = function(http_event())
        assert told(invoked) == ("failed", 1)
        assert invoked.body["Code"] == "FunctionMisconfigured"
        assert len(server.received) == 1
        assert told(function(http_event())) == ("sent", 1)  # the claim was given back


@pytest.fixture
def in_shanghai() -> Iterator[None]:
    """Have the process in a time zone that is not UTC's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_shanghai")
@pytest.mark.parametrize("date", ["Tue, 01 Jan 2030 00:00:00", "Tue, 01 Jan 2030 00:00:00 -0000"])
def test_a_date_without_a_zone_is_utc_whatever_zone_the_instance_is_in(date: str) -> None:
    with raw_server(in_turn(refusal("InvalidTimeStamp.Expired", f"Date: {date}"), http_answer(YES))) as server:
        assert told(LocalFunction(server.url).kept(Clock())(http_event())) == ("sent", 2)
    assert header_of(server.received[1], "x-acs-date") == "2030-01-01T00:00:00Z"


def test_each_kind_has_its_own_count_and_the_limit_is_for_all_of_them() -> None:
    expired = refusal("InvalidTimeStamp.Expired", "Date: Tue, 01 Jan 2030 00:00:00 GMT")
    answers = [refusal("Throttling.User"), expired, refusal("ServiceUnavailable"), refusal("Throttling.User")]
    for limit, outcome in (("4", "failed"), ("5", "sent")):
        with raw_server(in_turn(*answers, http_answer(YES))) as server:
            invoked = LocalFunction(server.url, {"MAX_ATTEMPTS": limit}).kept(Clock())(http_event())
        assert told(invoked) == (outcome, int(limit))


NOT_RETRIED = [
    "MissingParameter.ContactId",
    "InvalidParameter.ContactId",
    "MissingParameter.PhoneNumber",
    "InvalidParameter.PhoneNumber",
    "InvalidParameter.MobileCountryCode",
    "EntityNotExists.Contact",
    "EntityNotExists.Contact.Verification",
    "SendValidateCodeExceedsLimitForAccount",
    "InvalidAccessKeyId.NotFound",
    "InvalidSecurityToken.Expired",
    "MissingSecurityToken",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "NoPermission",
    "Forbidden.RAM",
    "InvalidTimeStamp.Format",
    "SignatureNonceUsed",
    "InternalError",
    "ServiceTimeout",
    "ThrottlingNot",
    "Undocumented",
]


@pytest.mark.parametrize("status", ["400 Bad Request", "500 Internal Server Error", "503 Service Unavailable"])
@pytest.mark.parametrize("code", NOT_RETRIED)
def test_no_other_code_is_tried_again_whatever_its_status(code: str, status: str) -> None:
    clock = Clock()
    answer = refusal(code, "x-acs-retry-after: 100", "Date: Tue, 01 Jan 2030 00:00:00 GMT", status=status)
    with raw_server(in_turn(answer)) as server:
        invoked = LocalFunction(server.url).kept(clock)(http_event())
    assert invoked.line["attempts"] == len(server.received) == 1
    assert clock.slept == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{",
        http_answer(b"{}"),
        http_answer(b"<html>", "503 Service Unavailable"),
        http_answer(b'{"Code": "Throttling.User"}', "400 Bad Request"),
        refusal("Throttling.User", status="302 Found"),
        refusal("Throttling.User", status="200 OK"),
        refusal("Throttling.User", status="999 Denied"),
        refusal("SignatureNonceUsed"),
        refusal("ServiceUnavailable", status="503 Service Unavailable")[:-5],
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_nothing_is_tried_again_once_an_answer_was_lost(answer: bytes, before: int) -> None:
    with raw_server(in_turn(*[refusal("Throttling.User")] * before, answer)) as server:
        invoked = LocalFunction(server.url).kept(Clock())(http_event())
    assert told(invoked) == ("unknown", before + 1)
    assert len(server.received) == before + 1


def test_a_text_that_went_out_before_the_answer_was_lost_stays_the_only_one(emulator: Emulator) -> None:
    inject(emulator, Kind="throttle")
    inject(emulator, Kind="drop_after")
    function = LocalFunction(emulator.url).kept(Clock())
    for attempts in (2, 0, 0):
        invoked = function(REQUEST)
        assert isinstance(invoked.error, EventFailed)
        assert (invoked.lines[0]["outcome"], invoked.lines[0]["attempts"]) == ("unknown", attempts)
    assert len(emulator.directory.messages()) == 1


def test_the_listing_of_a_sweep_is_tried_again_likewise(emulator: Emulator) -> None:
    clock = Clock()
    inject(emulator, Kind="throttle", Times=2, Action="ListMessageContactVerifications")
    event = {"triggerTime": "2030-01-01T00:00:00Z", "triggerName": "daily", "payload": ""}
    function = LocalFunction(emulator.url, module=resend_pending_verifications).kept(clock)
    assert function(event, timeout=120).result["Sent"] == 1
    assert len(clock.slept) == 2


@dataclass
class FrozenClock(Clock):
    """A clock whose monotonic reading stood still for so many seconds; fewer than none: went on alone."""

    stood_still: float = 0

    def monotonic(self) -> float:
        return self.time - self.stood_still


def answer_each(connection: socket.socket) -> None:
    """Answer the request that was read, and all that follow on the same connection."""
    while True:
        connection.sendall(KEEPING_YES)
        if not read_request(connection):
            return


@contextmanager
def keeping_server(answer: Answerer) -> Iterator[RawServer]:
    """Run a server that keeps its connections until the end."""
    connections = []

    def answer_and_remember(connection: socket.socket) -> None:
        connections.append(connection)
        answer(connection)

    with raw_server(answer_and_remember) as server:
        yield server
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


NO_WINDOW = {"HTTP_COOLDOWN_SECONDS": "0", "HTTP_SENDS_PER_DAY": "0"}


@pytest.mark.parametrize(
    ("wall", "monotonic", "connections"),
    [(4.5, 4.5, 1), (5.5, 5.5, 2), (5.5, 0, 2), (86_400, 0, 2), (0, 5.5, 2), (-86_400, 1, 1), (-86_400, 5.5, 2)],
)
def test_a_connection_idle_for_long_by_either_clock_is_not_used_again(
    wall: float, monotonic: float, connections: int
) -> None:
    clock = FrozenClock()
    with keeping_server(answer_each) as server:
        function = LocalFunction(server.url, NO_WINDOW).kept(clock)
        assert told(function(http_event())) == ("sent", 1)
        clock.time += wall
        clock.stood_still += wall - monotonic
        assert told(function(http_event())) == ("sent", 1)
    assert len(server.received) == connections


def test_a_connection_used_again_and_again_is_kept_for_as_long() -> None:
    clock = Clock()
    with keeping_server(answer_each) as server:
        function = LocalFunction(server.url, NO_WINDOW).kept(clock)
        for _ in range(5):
            clock.time += 4
            assert told(function(http_event())) == ("sent", 1)
    assert len(server.received) == 1


@pytest.mark.parametrize("last_words", [b"", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_a_used_connection_that_dies_under_a_request_leaves_it_unknown_and_not_repeated(last_words: bytes) -> None:
    second: list[bytes] = []

    def answer_once(connection: socket.socket) -> None:
        connection.sendall(KEEPING_YES)
        second.append(read_request(connection))
        connection.sendall(last_words)

    with keeping_server(answer_once) as server:
        function = LocalFunction(server.url, NO_WINDOW).kept(Clock())
        assert told(function(http_event())) == ("sent", 1)
        invoked = function(http_event())
    assert told(invoked) == ("unknown", 1)
    assert invoked.body["Code"] == "UpstreamError"
    assert len(server.received) == len(second) == 1
    assert b"SendPhoneVerification" in second[0]


def test_what_follows_an_answer_is_not_taken_for_the_next_one() -> None:
    another = b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" + b'{"RequestId": "FALSE"}'

    def answer_twice_at_once(connection: socket.socket) -> None:
        connection.sendall(KEEPING_YES + another)
        read_request(connection)
        answer_each(connection)

    with keeping_server(answer_twice_at_once) as server:
        function = LocalFunction(server.url, NO_WINDOW).kept(Clock())
        assert [function(http_event()).body for _ in range(2)] == [json.loads(YES)] * 2


def trickle(connection: socket.socket, answer: bytes) -> None:
    for byte in answer:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def trickle_all(connection: socket.socket) -> None:
    trickle(connection, http_answer(b" " * 1000))


def trickle_the_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    trickle(connection, b" " * 1000)


def trickle_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    trickle(connection, b"1\r\n \r\n" * 200)


def go_on_saying_continue(connection: socket.socket) -> None:
    trickle(connection, b"HTTP/1.1 100 Continue\r\n\r\n" * 50)


def pause_twice(connection: socket.socket) -> None:
    answer = http_answer(YES)
    for part in (answer[:10], answer[10:]):
        time.sleep(0.2)
        connection.sendall(part)


SLOW = [trickle_all, trickle_the_body, trickle_chunks, go_on_saying_continue, pause_twice]


@pytest.mark.parametrize("slow", SLOW)
def test_an_answer_that_trickles_in_does_not_outlast_the_read_timeout(slow: Answerer) -> None:
    with raw_server(slow) as server:
        function = LocalFunction(server.url, {"READ_TIMEOUT_SECONDS": "0.3"}).kept()
        started = time.monotonic()
        invoked = function(http_event())
        took = time.monotonic() - started
    assert told(invoked) == ("unknown", 1)
    assert (invoked.result["statusCode"], invoked.body["Code"]) == (504, "UpstreamTimeout")
    assert 0.25 < took < 5  # all of it would take 20 seconds


def test_a_used_connection_trickles_no_longer_than_a_new_one() -> None:
    def answer_then_trickle(connection: socket.socket) -> None:
        connection.sendall(KEEPING_YES)
        read_request(connection)
        trickle_all(connection)

    with keeping_server(answer_then_trickle) as server:
        function = LocalFunction(server.url, {**NO_WINDOW, "READ_TIMEOUT_SECONDS": "0.3"}).kept()
        assert told(function(http_event())) == ("sent", 1)
        started = time.monotonic()
        assert function(http_event()).body["Code"] == "UpstreamTimeout"
        assert time.monotonic() - started < 5
    assert len(server.received) == 1
