"""Servers that answer with the bytes they are told to, or not at all."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

ResolvedAddress = tuple[int, int, int, str, tuple[str, int]]


@dataclass
class RawServer:
    """Where it listens, and what it was sent: an entry for each connection, or for each request where it keeps them."""

    port: int
    received: list[bytes] = field(default_factory=list)
    scheme: str = "http"
    connections: int = 0

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"{self.scheme}://127.0.0.1:{self.port}"


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


@contextmanager
def concurrent_server(
    answer: Callable[[socket.socket, bytes], None], *, tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    """Serve all connections at once: let `answer` treat each request on them, until one side closes it."""
    live: list[socket.socket] = []
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        server = RawServer(listener.getsockname()[1], scheme="https" if tls else "http")

        def serve(connection: socket.socket) -> None:
            with suppress(OSError), tls.wrap_socket(connection, server_side=True) if tls else connection as secured:
                live.append(secured)
                while request := read_request(secured):
                    server.received.append(request)
                    answer(secured, request)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    server.connections += 1
                    threads.append(threading.Thread(target=serve, args=[connection], daemon=True))
                    threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for connection in live:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


@contextmanager
def dead_address() -> Iterator[ResolvedAddress]:
    """Have an address where nobody answers a connection: its queue of them is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as stack:
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield resolved_address(listener.getsockname()[1])


def resolved_address(port: int) -> ResolvedAddress:
    """Return an address of this machine as `socket.getaddrinfo` does."""
    return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))


def http_answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Return the bytes of an answer with its length, after which the connection is closed."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
