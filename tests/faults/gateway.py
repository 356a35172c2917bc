"""A server between the function and the emulator that does each thing wrong that a network can."""

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.integration.raw_server import read_request

PACE_SECONDS = 0.02
"""Between the bytes of an answer that trickles."""

HUGE_BYTES = 64 * 1024 * 1024


@dataclass
class Exchange:
    """One connection of the function's, and the way on to the API."""

    connection: socket.socket
    api: tuple[str, int]

    def perform(self, times: int = 1) -> bytes:
        """Have the API do what is asked, and return its last answer, after which a connection is to be closed."""
        request, answer = _closing(read_request(self.connection)), b""
        for _ in range(times):
            with socket.create_connection(self.api) as api:
                api.sendall(request)
                answer = _closing(b"".join(iter(lambda: api.recv(65536), b"")))
        return answer

    def reset(self) -> None:
        """End the connection with a RST instead of a FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def send_slowly(self, data: bytes) -> None:
        """Send byte by byte, up to the end or until the other side has gone."""
        for byte in data:
            self.connection.sendall(bytes([byte]))
            time.sleep(PACE_SECONDS)

    def wait_for_the_end(self) -> None:
        """Say nothing until the other side has gone."""
        while self.connection.recv(65536):
            pass


Misbehaviour = Callable[[Exchange], None]


def behave(exchange: Exchange) -> None:
    exchange.connection.sendall(exchange.perform())


def reset_before_reading(exchange: Exchange) -> None:
    select.select([exchange.connection], [], [])  # a reset that comes sooner may be one of connecting
    exchange.reset()


def reset_after_reading(exchange: Exchange) -> None:
    read_request(exchange.connection)
    exchange.reset()


def reset_after_performing(exchange: Exchange) -> None:
    exchange.perform()
    exchange.reset()


def keep_silent(exchange: Exchange) -> None:
    exchange.perform()
    exchange.wait_for_the_end()


def trickle_the_head(exchange: Exchange) -> None:
    exchange.send_slowly(exchange.perform())


def trickle_the_body(exchange: Exchange) -> None:
    head, body = _split(exchange.perform())
    exchange.connection.sendall(head)
    exchange.send_slowly(body)


def send_a_head_without_end(exchange: Exchange) -> None:
    exchange.perform()
    exchange.connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        exchange.connection.sendall(b"X-Another: header\r\n")


def promise_more_and_close(exchange: Exchange) -> None:
    exchange.connection.sendall(_with_length(exchange.perform(), 10))


def promise_more_and_wait(exchange: Exchange) -> None:
    exchange.connection.sendall(_with_length(exchange.perform(), 10))
    exchange.wait_for_the_end()


def promise_less(exchange: Exchange) -> None:
    exchange.connection.sendall(_with_length(exchange.perform(), -10))


def announce_the_answer(exchange: Exchange) -> None:
    exchange.connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n")
    exchange.connection.sendall(exchange.perform())


def go_on_announcing(exchange: Exchange) -> None:
    exchange.perform()
    exchange.send_slowly(b"HTTP/1.1 102 Processing\r\n\r\n" * 1000)


def answer_before(head: bytes) -> Misbehaviour:
    """Return what gives an answer without a body, and the API's own one a little later."""

    def answer_twice(exchange: Exchange) -> None:
        answer = exchange.perform()
        exchange.connection.sendall(head + b"\r\n\r\n")
        time.sleep(PACE_SECONDS)
        exchange.connection.sendall(answer)

    return answer_twice


def deliver_twice(exchange: Exchange) -> None:
    exchange.connection.sendall(exchange.perform(times=2))


def head_with(*lines: bytes) -> Misbehaviour:
    """Return what has the API's answer begin with these lines instead of its own."""

    def answer_so(exchange: Exchange) -> None:
        _, body = _split(exchange.perform())
        exchange.connection.sendall(b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"", body]))

    return answer_so


def speak_no_http(exchange: Exchange) -> None:
    exchange.perform()
    exchange.connection.sendall(b"220 mail.example.com ESMTP\r\n" * 10)


def send_a_chunk_then(last: bytes) -> Misbehaviour:
    """Return what sends the API's answer as one chunk, and this behind it."""

    def answer_so(exchange: Exchange) -> None:
        _, body = _split(exchange.perform())
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        exchange.connection.sendall(head + b"%x\r\n" % len(body) + body + b"\r\n" + last)

    return answer_so


def send_without_end(exchange: Exchange) -> None:
    _, body = _split(exchange.perform())
    exchange.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)
    for _ in range(HUGE_BYTES // 65536):
        exchange.connection.sendall(b" " * 65536)
    raise AssertionError("the function read it all")


def hide_the_date(exchange: Exchange) -> None:
    answer = exchange.perform()
    lines = answer.split(b"\r\n")
    exchange.connection.sendall(b"\r\n".join(line for line in lines if not line.lower().startswith(b"date:")))


def answering(answer: bytes) -> Misbehaviour:
    """Return what reads a request, does not pass it on, and gives this answer."""

    def answer_so(exchange: Exchange) -> None:
        read_request(exchange.connection)
        exchange.connection.sendall(answer)

    return answer_so


class Gateway:
    """A server at a free port that refuses connections until it listens, and then treats them one after the other.

    What it does to them, and what it does instead of a handshake, may be changed between two of them.
    """

    def __init__(
        self, api_url: str, misbehave: Misbehaviour, *, tls: ssl.SSLContext | None, attack: Misbehaviour | None
    ) -> None:
        self.misbehave = misbehave
        self.tls = tls
        self.attack = attack
        api = urlsplit(api_url)
        self._api = (str(api.hostname), int(api.port or 0))
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._problems: list[BaseException] = []
        self._finished = 0
        self._changed = threading.Condition()

    def listen(self) -> None:
        """Take connections from now on."""
        self._listener.listen()
        self._thread.start()

    def close(self) -> None:
        """Take no more, and wait for the last one's end."""
        if self._thread.is_alive():
            self._listener.shutdown(socket.SHUT_RDWR)
            self._thread.join()
        self._listener.close()

    def wait_until_finished(self, connections: int) -> None:
        """Return when so many connections have come to their end; what went wrong here is raised."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._finished >= connections, timeout=10)
        for problem in self._problems:
            raise problem

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._treat(connection)
                except OSError:
                    pass  # the function closed it, or never wanted it
                except BaseException as problem:  # noqa: BLE001 -- raised again in the thread of the test
                    self._problems.append(problem)
            with self._changed:
                self._finished += 1
                self._changed.notify_all()

    def _treat(self, connection: socket.socket) -> None:
        if self.attack is not None:
            self.attack(Exchange(connection, self._api))
        elif self.tls is None:
            self.misbehave(Exchange(connection, self._api))
        else:
            with self.tls.wrap_socket(connection, server_side=True) as secured:
                self.misbehave(Exchange(secured, self._api))


@contextmanager
def gateway(
    api_url: str,
    misbehave: Misbehaviour = behave,
    *,
    tls: ssl.SSLContext | None = None,
    attack: Misbehaviour | None = None,
    listening: bool = True,
) -> Iterator[Gateway]:
    """Run a gateway to an API; with `tls`, its URL is one of https."""
    built = Gateway(api_url, misbehave, tls=tls, attack=attack)
    try:
        if listening:
            built.listen()
        yield built
    finally:
        built.close()


def _closing(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)


def _split(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


def _with_length(answer: bytes, more: int) -> bytes:
    _, body = _split(answer)
    head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body) + more}\r\n\r\n"
    return head.encode() + body
