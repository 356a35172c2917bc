"""The time of an attempt: it ends at its limit whatever takes the time, and nothing is sent after that."""

import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Thread, current_thread
from typing import Any
from unittest import mock

import pytest
import trustme

from fcapi.credentials import Credentials
from fcapi.deadline import Deadline
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import NoAnswer, NotAttempted, NotConnected, ResourceDirectoryError
from resource_directory.retries import Retries
from resource_directory.transport import new_adapter
from tests.handlers import CONTACT_ID, PHONE_NUMBER, Clock
from tests.integration.raw_server import concurrent_server, dead_address, raw_server, read_request, resolved_address
from tests.tls import only_trusting, server_side

REQUEST_ID = "CD76D376-2517-4924-92C5-DBC52262F93A"
YES = f'{{"RequestId": "{REQUEST_ID}"}}'.encode()
KEEPING = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(YES), YES)
LONG = 100.0

Resolve = Callable[..., list[Any]]


def new_client(
    url: str,
    monotonic: Callable[[], float] = time.monotonic,
    *,
    connect_timeout: float = 5,
    nonce: Callable[[], str] = lambda: os.urandom(16).hex(),
) -> ResourceDirectoryClient:
    return ResourceDirectoryClient(
        url,
        adapter=new_adapter(lambda: (monotonic(),)),
        connect_timeout=connect_timeout,
        read_timeout=5,
        now=time.time,
        nonce=nonce,
        retries=Retries(1, time.sleep, random.uniform),
    )


def send_by(
    client: ResourceDirectoryClient, monotonic: Callable[[], float] = time.monotonic, *, seconds: float = 30
) -> str:
    return client.send_phone_verification_for_message_contact(
        CONTACT_ID,
        PHONE_NUMBER,
        credentials=Credentials("LTAIlocal", "local-secret"),
        deadline=Deadline.after(seconds, monotonic),
    ).request_id


def failure(
    client: ResourceDirectoryClient, monotonic: Callable[[], float] = time.monotonic, *, seconds: float = 30
) -> ResourceDirectoryError:
    with pytest.raises(ResourceDirectoryError) as failed:
        send_by(client, monotonic, seconds=seconds)
    return failed.value


@pytest.fixture
def resolve_by() -> Iterator[Callable[[Resolve], None]]:
    """Return what has names resolved by something else than the system's resolver."""
    with ExitStack() as stack:

        def patch(resolve: Resolve) -> None:
            stack.enter_context(mock.patch("socket.getaddrinfo", resolve))

        yield patch


def accept(connection: socket.socket, _: bytes) -> None:
    connection.sendall(KEEPING)


def test_six_addresses_that_do_not_answer_take_no_longer_than_one(resolve_by: Callable[[Resolve], None]) -> None:
    with dead_address() as dead:
        resolve_by(lambda *_, **__: [dead] * 6)
        started = time.monotonic()
        assert isinstance(failure(new_client("http://localhost:1", connect_timeout=0.4)), NotConnected)
        took = time.monotonic() - started
    assert 0.35 < took < 1.6  # one after the other, each with the whole time, 2.4


def test_an_address_that_answers_is_reached_behind_five_that_do_not(resolve_by: Callable[[Resolve], None]) -> None:
    with concurrent_server(accept) as server, dead_address() as dead:
        resolve_by(lambda *_, **__: [dead] * 5 + [resolved_address(server.port)])
        assert send_by(new_client("http://localhost:1", connect_timeout=0.6)) == REQUEST_ID


def test_addresses_that_cannot_be_used_are_passed_over_and_without_any_nothing_is_sent(
    resolve_by: Callable[[Resolve], None],
) -> None:
    with raw_server(lambda _: None) as gone:
        pass
    with concurrent_server(accept) as server:
        no_family = (-1, *resolved_address(server.port)[1:])
        resolve_by(lambda *_, **__: [no_family, resolved_address(gone.port), resolved_address(server.port)])
        assert send_by(new_client("http://localhost:1")) == REQUEST_ID
    resolve_by(lambda *_, **__: [])
    assert isinstance(failure(new_client("http://localhost:1")), NotConnected)


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example.com"])
def test_a_name_that_cannot_be_resolved_surely_sent_nothing(name: str) -> None:
    started = time.monotonic()
    assert isinstance(failure(new_client(f"http://{name}", connect_timeout=20)), NotConnected)
    assert time.monotonic() - started < 10  # it is told at once, not when the time for connecting is over


def test_a_resolver_that_is_late_is_not_waited_for(resolve_by: Callable[[Resolve], None]) -> None:
    over, resolved = Event(), Event()
    late: list[Thread] = []
    with concurrent_server(accept) as server:

        def resolve(*_: Any, **__: Any) -> list[Any]:
            late.append(current_thread())
            over.wait(10)
            resolved.set()
            return [resolved_address(server.port)]

        resolve_by(resolve)
        started = time.monotonic()
        assert isinstance(failure(new_client("http://localhost:1", connect_timeout=0.1)), NotConnected)
        assert time.monotonic() - started < 2
        assert late[0].daemon  # nor when the process ends
        over.set()
        assert resolved.wait(5)
    assert server.connections == 0


@pytest.mark.parametrize(("timeout", "seconds"), [(5, 2 * LONG), (2 * LONG, 30)], ids=["the attempt", "the deadline"])
def test_the_time_of_the_resolver_counts(resolve_by: Callable[[Resolve], None], timeout: float, seconds: float) -> None:
    """The clock shows what it took, whoever noticed: a thread that wakes up late, a process that stood still."""
    clock = Clock()
    with concurrent_server(accept) as server:

        def resolve(*_: Any, **__: Any) -> list[Any]:
            clock.time += LONG
            return [resolved_address(server.port)]

        resolve_by(resolve)
        client = new_client("http://localhost:1", clock.monotonic, connect_timeout=timeout)
        assert isinstance(failure(client, clock.monotonic, seconds=seconds), NotConnected)
    assert server.received == []


def test_nothing_is_sent_when_the_handshake_ended_too_late() -> None:
    clock, authority = Clock(), trustme.CA()
    received = []

    def shake_hands_late(connection: socket.socket) -> None:
        connection.recv(1, socket.MSG_PEEK)  # the other side is in its handshake
        clock.time += LONG
        with server_side(authority).wrap_socket(connection, server_side=True) as secured:
            received.append(read_request(secured))

    with only_trusting(authority), raw_server(shake_hands_late, reads=False) as server:
        url = server.url.replace("http:", "https:")
        assert isinstance(failure(new_client(url, clock.monotonic), clock.monotonic), NotConnected)
    assert received == [b""]


def test_an_answer_is_given_up_when_its_time_is_over_in_the_middle() -> None:
    clock = Clock()

    def answer_a_part(connection: socket.socket) -> None:
        connection.sendall(KEEPING[:10])
        time.sleep(0.3)  # it is read; if not, the time of the attempt begins only then, and really passes
        clock.time += LONG
        connection.sendall(KEEPING[10:20])
        connection.recv(1)  # until the other side hangs up

    with raw_server(answer_a_part) as server:
        failed = failure(new_client(server.url, clock.monotonic), clock.monotonic)
    assert isinstance(failed, NoAnswer)
    assert failed.timed_out


def test_nothing_is_sent_when_the_time_passed_before_a_kept_connection_was_used() -> None:
    clock = Clock()
    late = iter([0.0, LONG])

    def nonce() -> str:
        clock.time += next(late)
        return os.urandom(16).hex()

    with concurrent_server(accept) as server:
        client = new_client(server.url, clock.monotonic, nonce=nonce)
        assert send_by(client, clock.monotonic) == REQUEST_ID
        assert isinstance(failure(client, clock.monotonic), NotAttempted)
    assert len(server.received) == 1
