"""The open connections of a server, and how to close them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread

_SECONDS_TO_FINISH = 1.0


class Connections:
    """Open connections with the threads that serve them, and which of them are busy; may be used by any thread."""

    def __init__(self) -> None:
        self._open: dict[socket.socket, Thread] = {}
        self._busy: set[socket.socket] = set()
        self._lock = Condition()

    def add(self, connection: socket.socket, thread: Thread) -> None:
        """Take note of a connection that `thread` is about to serve."""
        with self._lock:
            self._open[connection] = thread

    def remove(self, connection: socket.socket) -> None:
        """Forget a connection that was closed."""
        with self._lock:
            self._open.pop(connection, None)

    @contextmanager
    def busy(self, connection: socket.socket) -> Iterator[None]:
        """Count a connection as one on which a request is being answered."""
        with self._lock:
            self._busy.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(connection)
                self._lock.notify_all()

    def close(self) -> None:
        """Cut all connections, and wait for their threads."""
        self._cut(set())

    def close_idle(self) -> None:
        """Cut those on which no request is being answered, and wait for their threads.

        Waits up to a second for answers under way; a connection that still has one then is left open.
        """
        with self._lock:
            self._lock.wait_for(lambda: not self._busy, _SECONDS_TO_FINISH)
            busy = set(self._busy)
        self._cut(busy)

    def _cut(self, spared: set[socket.socket]) -> None:
        with self._lock:
            ending = [(connection, thread) for connection, thread in self._open.items() if connection not in spared]
        for connection, thread in ending:
            with suppress(OSError):  # The other side may have been faster.
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()
