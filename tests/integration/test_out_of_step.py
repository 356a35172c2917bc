"""Which answer belongs to which request: no request is ever acknowledged by the answer to another one.

Each server here names the contact that was asked for in the RequestId of its answer, so that an answer that came to
the wrong request tells on itself.
"""

import io
import json
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import trustme

from tests.handlers import PHONE_NUMBER, Clock, LocalFunction, http_event
from tests.integration.raw_server import RawServer, concurrent_server
from tests.tls import only_trusting, server_side

NO_LIMITS = {"HTTP_COOLDOWN_SECONDS": "0", "HTTP_SENDS_PER_DAY": "0", "READ_TIMEOUT_SECONDS": "5"}
LATE_SECONDS = 0.02

INTERIM = [
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n",
]
NO_ANSWER = [
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 202 Accepted\r\nContent-Length: 20\r\n\r\n" + b'{"RequestId": "EARLY"}'[:20],
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 25\r\n\r\n" + b'{"Code": "InternalError"}',
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
]


def whole(body: bytes, *, head: bytes = b"HTTP/1.1 200 OK\r\n") -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


FULL_BUFFER = io.DEFAULT_BUFFER_SIZE - len(whole(b"")) - len("8151") + len("0")
"""So long a body fills a reader's buffer to the last byte; what lies behind it stays in TLS's, or in the kernel's."""


def contact_in(request: bytes) -> str:
    found = re.search(rb"ContactId=([^&]+)", request)
    assert found
    return found[1].decode()


def answer_to(request: bytes, body_bytes: int = 0) -> bytes:
    """Return the answer to a request, whose body is filled up with blanks to so many bytes."""
    return whole(json.dumps({"RequestId": f"R-{contact_in(request)}"}).encode().ljust(body_bytes))


def stray() -> bytes:
    return whole(b'{"RequestId": "R-of-nobody"}')


def one_after_the_other(function: LocalFunction, count: int) -> list[str]:
    """Return the outcome of each of so many sends, having looked that none has the RequestId of another one."""
    return [outcome_of(function, f"c-{number}") for number in range(count)]


def outcome_of(function: LocalFunction, contact_id: str) -> str:
    reply = function.reply(http_event({"ContactId": contact_id, "PhoneNumber": PHONE_NUMBER}))
    body = json.loads(reply["body"])
    if reply["statusCode"] == 200:
        assert body == {"RequestId": f"R-{contact_id}"}
        return "sent"
    assert body["Code"] == "UpstreamError", body
    return "unknown"


def called(server: RawServer) -> list[str]:
    return [contact_in(request) for request in server.received]


Answer = Callable[[socket.socket, bytes], None]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


Serve = Callable[[Answer], RawServer]


@pytest.fixture(params=["http", "https"])
def serve(request: pytest.FixtureRequest, authority: trustme.CA) -> Iterator[Serve]:
    """Return what runs a server, with TLS or without, which the function trusts."""
    tls = server_side(authority) if request.param == "https" else None
    with only_trusting(authority), ExitStack() as stack:
        yield lambda answer: stack.enter_context(concurrent_server(answer, tls=tls))


def after(early: Sequence[bytes]) -> Answer:
    """Return what gives each contact its own of these before the answer, which comes a little later."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(early[int(contact_in(request)[2:])])
        time.sleep(LATE_SECONDS)
        connection.sendall(answer_to(request))

    return answer


def test_interim_answers_are_read_past(serve: Serve) -> None:
    early = [*INTERIM, b"".join(INTERIM * 5)]
    server = serve(after(early))
    assert one_after_the_other(LocalFunction(server.url, NO_LIMITS).kept(), len(early)) == ["sent"] * len(early)
    assert server.connections == 1


def test_an_answer_that_is_none_is_not_followed_by_its_own_late_one(serve: Serve) -> None:
    server = serve(after(NO_ANSWER))
    outcomes = one_after_the_other(LocalFunction(server.url, NO_LIMITS).kept(), len(NO_ANSWER))
    assert outcomes == ["unknown"] * len(NO_ANSWER)
    assert server.connections == len(called(server)) == len(NO_ANSWER)


def test_a_connection_is_used_again_after_a_success_and_after_a_refusal(serve: Serve) -> None:
    refusal = whole(b'{"Code": "Throttling", "RequestId": "R"}', head=b"HTTP/1.1 400 Bad Request\r\n")

    def answer(connection: socket.socket, request: bytes) -> None:
        again = called(server).count(contact_in(request)) > 1
        connection.sendall(answer_to(request) if again else refusal)

    server = serve(answer)
    assert one_after_the_other(LocalFunction(server.url, NO_LIMITS).kept(Clock()), 2) == ["sent"] * 2
    assert called(server) == [f"c-{number}" for number in range(2) for _ in range(2)]
    assert server.connections == 1


@pytest.mark.parametrize("split", [False, True], ids=["with it", "right after it"])
@pytest.mark.parametrize(
    "body_bytes", [0, FULL_BUFFER, 20_000], ids=["a small answer", "a full buffer", "a long answer"]
)
def test_what_comes_behind_an_answer_ends_the_connection(serve: Serve, body_bytes: int, split: bool) -> None:
    sent = threading.Event()

    def answer(connection: socket.socket, request: bytes) -> None:
        pieces = [answer_to(request, body_bytes), stray()]
        for piece in pieces if split else [b"".join(pieces)]:
            connection.sendall(piece)
        sent.set()

    server = serve(answer)
    function = LocalFunction(server.url, NO_LIMITS).kept()
    for number in range(3):
        assert outcome_of(function, f"c-{number}") == "sent"
        assert sent.wait(5)
        sent.clear()
    assert server.connections == 3


def test_an_answer_with_two_lengths_ends_the_connection(serve: Serve) -> None:
    """An answer of 0 bytes by its Content-Length, and a whole one by its chunks, which count."""

    def answer(connection: socket.socket, request: bytes) -> None:
        body = answer_to(request).partition(b"\r\n\r\n")[2]
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))

    server = serve(answer)
    assert one_after_the_other(LocalFunction(server.url, NO_LIMITS).kept(), 2) == ["sent"] * 2
    assert server.connections == 2


def test_many_threads_get_their_own_answers_or_none(serve: Serve) -> None:
    def answer(connection: socket.socket, request: bytes) -> None:
        chance = random.Random(contact_in(request))  # noqa: S311 -- no secret
        connection.sendall(chance.choice([b"", b"", *INTERIM, *NO_ANSWER]))
        time.sleep(chance.random() * LATE_SECONDS)
        connection.sendall(answer_to(request) + chance.choice([b"", b"", stray()]))

    server = serve(answer)
    function = LocalFunction(server.url, NO_LIMITS).kept()
    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(lambda number: outcome_of(function, f"c-{number}"), range(96)))
    assert outcomes.count("sent") > 20
    assert outcomes.count("unknown") > 20
    assert sorted(called(server)) == sorted(f"c-{number}" for number in range(96))


def test_a_request_that_is_given_up_is_not_delivered_later() -> None:
    """Its connection is reset: else the kernel would go on delivering what is not delivered yet, for minutes."""
    ended: list[str] = []

    def answer(connection: socket.socket, _: bytes) -> None:
        try:
            ended.append("closed" if connection.recv(1) == b"" else "more")
        except ConnectionResetError:
            ended.append("reset")

    with concurrent_server(answer) as server:
        function = LocalFunction(server.url, {**NO_LIMITS, "READ_TIMEOUT_SECONDS": "0.1"}).kept()
        assert function(http_event()).body["Code"] == "UpstreamTimeout"
    assert ended == ["reset"]
