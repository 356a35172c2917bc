"""A server that answers with the bytes it is told to, or not at all; and a certificate for one that speaks TLS."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class RawServer:
    """Where it listens, and what it was sent: one entry a connection."""

    port: int
    received: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The server's URL, over http."""
        return f"http://127.0.0.1:{self.port}"


def read_request(connection: socket.socket) -> bytes:
    """Read up to the end of a request that has no body."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            break
        received += chunk
    return received


@contextmanager
def raw_server(answer: Callable[[socket.socket], None], *, reads: bool = True) -> Iterator[RawServer]:
    """Serve one connection after the other: read a request (if it `reads`), then let `answer` do what it does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    if reads:
                        server.received.append(read_request(connection))
                    answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def http_answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Return the bytes of an answer with its length, after which the connection is closed."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
