"""A proxy in front of a Valkey server: it does to single commands, and to replies, what networks and failovers do.

A function uses it as its store. Each command goes on to the server, and its reply comes back, but where a rule says
otherwise: a command may be lost, run twice, or run late, a reply may be lost, or be another one.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, BinaryIO

from redis import Redis

Command = list[bytes]
Matcher = Callable[[Command], bool]

ALWAYS = 1_000_000
"""As many times as a rule can hold."""


class Exchange:
    """A command that came from the function, and what can be done about it."""

    def __init__(
        self, proxy: "StoreProxy", command: Command, client: socket.socket, server: socket.socket, replies: BinaryIO
    ) -> None:
        self.proxy = proxy
        self.command = command
        self._client = client
        self._server = server
        self._replies = replies

    def forward(self) -> bytes:
        """Have the server run the command, and return its reply."""
        self._server.sendall(_packed(self.command))
        reply = _read_reply(self._replies)
        return self.proxy.told_time(reply) if self.command[0] == b"TIME" else reply

    def reply(self, raw: bytes) -> None:
        """Give the function these bytes for a reply."""
        self._client.sendall(raw)

    def hang_up(self) -> None:
        """End the connection to the function; its command counts as neither done nor not done to it."""
        with suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)


Fault = Callable[[Exchange], object]


def lose_command(exchange: Exchange) -> None:
    """Lose the command on its way to the server."""
    exchange.hang_up()


def lose_reply(exchange: Exchange) -> None:
    """Have the server run the command, and lose the reply."""
    exchange.forward()
    exchange.hang_up()


def run_twice(exchange: Exchange) -> None:
    """Have the server run the command twice, and give the function the second reply."""
    exchange.forward()
    exchange.reply(exchange.forward())


def come_too_late(exchange: Exchange) -> None:
    """Give the function the reply of a change that another one came before; the server gets nothing."""
    number = exchange.command[-1]
    exchange.reply(b"*2\r\n:0\r\n$%d\r\n%b\r\n" % (len(number), number))


def keep_silent(_: Exchange) -> None:
    """Lose the command, and keep the connection: the function gets no reply."""


def say(raw: bytes) -> Fault:
    """Give the function these bytes for a reply, and the server nothing."""
    return lambda exchange: exchange.reply(raw)


def add(raw: bytes) -> Fault:
    """Give the function the server's reply, and these bytes at once behind it."""
    return lambda exchange: exchange.reply(exchange.forward() + raw)


def first(action: Callable[[], object]) -> Fault:
    """Let something happen before the server runs the command."""

    def act(exchange: Exchange) -> None:
        action()
        exchange.reply(exchange.forward())

    return act


def then(action: Callable[[], object]) -> Fault:
    """Let something happen when the server has run the command, before the function gets its reply."""

    def act(exchange: Exchange) -> None:
        reply = exchange.forward()
        action()
        exchange.reply(reply)

    return act


class Held:
    """Holds the command back on its way: the function's connection ends, and the server gets it late."""

    def __init__(self) -> None:
        self._command: Command = []

    def __call__(self, exchange: Exchange) -> None:
        self._command = exchange.command
        exchange.hang_up()

    def arrive(self, server: Any) -> None:
        """Have the server run the command now."""
        with Redis(port=server.port) as admin:
            admin.execute_command(*self._command)


class LateCopies:
    """Give the function each reply, and as many copies of all of them once they are to `arrive`."""

    def __init__(self, copies: int) -> None:
        self._copies = copies
        self._given: list[tuple[Exchange, bytes]] = []

    def __call__(self, exchange: Exchange) -> None:
        """Give the function the server's reply."""
        raw = exchange.forward()
        self._given.append((exchange, raw))
        exchange.reply(raw)

    def arrive(self) -> None:
        """Let the copies arrive when the function next asks for something, before the reply to that."""
        for _ in range(self._copies):
            for exchange, raw in self._given:
                exchange.reply(raw)


def reading(command: Command) -> bool:
    """Match the beginning of a read: of the time, and then of records."""
    return command[0] == b"TIME"


def echoing(command: Command) -> bool:
    """Match the end of a read: its number, by which its replies are known."""
    return command[0] == b"ECHO"


def changing(command: Command) -> bool:
    """Match all that changes something."""
    return command[0] in (b"EVAL", b"SREM")


def claiming(command: Command) -> bool:
    """Match what puts a claim on record."""
    return command[0] == b"EVAL" and command[5].startswith(b'["claimed"')


def recording(command: Command) -> bool:
    """Match what puts a text on record."""
    return command[0] == b"EVAL" and command[5].startswith((b'["sent"', b'["unknown"'))


def spending(command: Command) -> bool:
    """Match what spends a part of the day's budget."""
    return command[0] == b"EVAL" and b"SADD" in command[1]


def putting_back(command: Command) -> bool:
    """Match what gives a part of the day's budget back."""
    return command[0] == b"SREM"


class StoreProxy:
    """The proxy; safe for many threads.

    Attributes:
        port: where it listens.
        upstream: the port of the server that new connections lead to.
        away: whether it hangs up on every command.
        connections: how many were made.
        ahead: returns by how many seconds the store's time is to be ahead of the server's.

    """

    def __init__(self, upstream: int, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        self.port: int = listener.getsockname()[1]
        self.upstream = upstream
        self.away = False
        self.connections = 0
        self.ahead: Callable[[], float] = lambda: 0.0
        self._listener = listener
        self._tls = tls
        self._rules: list[tuple[Matcher, Fault, Iterator[int]]] = []
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    def rule(self, matches: Matcher, fault: Fault, times: int = 1) -> None:
        """Do this to the next so many commands that match; the first rule that matches counts."""
        with self._lock:
            self._rules.append((matches, fault, iter(range(times))))

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()

    def told_time(self, reply: bytes) -> bytes:
        """Return the reply to TIME as the store's time is to be."""
        _, _, seconds, _, microseconds, _ = reply.split(b"\r\n")
        time = int(seconds) + int(microseconds) / 1_000_000 + self.ahead()
        return _packed([b"%d" % (time // 1), b"%d" % (time % 1 * 1_000_000)])

    def serve(self) -> None:
        """Serve connections until the listener is closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve_connection, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End all connections."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _serve_connection(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # replies go one by one
            secured = self._tls.wrap_socket(client, server_side=True) if self._tls else client
            with secured, socket.create_connection(("127.0.0.1", self.upstream)) as server:
                with self._lock:
                    self._open.append(secured)
                with secured.makefile("rb") as requests, server.makefile("rb") as replies:
                    while command := _read_command(requests):
                        self._fault_for(command)(Exchange(self, command, secured, server, replies))

    def _fault_for(self, command: Command) -> Fault:
        if command[0] == b"AUTH":
            return _do_nothing
        if self.away:
            return lose_command
        with self._lock:
            for matches, fault, times in self._rules:
                if matches(command) and next(times, None) is not None:
                    return fault
        return _do_nothing


@contextmanager
def store_proxy(server: Any, *, tls: ssl.SSLContext | None = None) -> Iterator[StoreProxy]:
    """Run a proxy in front of a server; with `tls`, it is spoken to over TLS."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        proxy = StoreProxy(server.port, listener, tls)
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            proxy.close()


def _do_nothing(exchange: Exchange) -> None:
    exchange.reply(exchange.forward())


def _packed(command: Command) -> bytes:
    return b"*%d\r\n" % len(command) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in command)


def _read_command(stream: BinaryIO) -> Command | None:
    line = stream.readline()
    if not line.startswith(b"*"):  # the end, or no command
        return None
    parts = []
    for _ in range(int(line[1:])):
        length = int(stream.readline()[1:])
        parts.append(stream.read(length + 2)[:-2])
    return parts


def _read_reply(stream: BinaryIO) -> bytes:
    line = stream.readline()
    if not line:
        raise ConnectionError
    kind, count = line[:1], line[1:].strip()
    if kind == b"$" and count != b"-1":
        return line + stream.read(int(count) + 2)
    if kind == b"*" and count != b"-1":
        return line + b"".join(_read_reply(stream) for _ in range(int(count)))
    return line
