"""urllib3's connections, which `requests` uses, with three changes.

A failure to connect is told from every later one, an answer must come within a time, and an idle connection is not
trusted.
"""

import io
import socket
import time
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

MAX_IDLE_SECONDS = 5.0
"""How long an unused connection is trusted. The platform freezes an instance between invocations, and meanwhile the
server closes the connection: a request sent into it would be lost without a word."""

Clocks = Callable[[], tuple[float, ...]]


class _WithinTime(io.RawIOBase):
    """Reads a socket until a time is over, however small the pieces are that come in.

    The timeout of a socket is for each piece: a server that sends a byte a second could hold the function for hours.
    """

    def __init__(self, connected: socket.socket, seconds: float) -> None:
        self._socket = connected
        self._stream = connected.makefile("rb", buffering=0)
        self._ends = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._ends - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._socket.settimeout(remaining)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _AnsweringSocket:
    """The one method that `http.client` calls on the socket from which it reads an answer."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._stream)


class _HttpConnection(HTTPConnection):
    used_at: tuple[float, ...] | None = None

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise NewConnectionError(self, "not connected") from error

    def response_class(self, connected: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:  # type: ignore[override] # called, never subclassed
        """Return the reader of an answer; http.client calls this when a request is out, with a timeout set for it."""
        assert isinstance(self.timeout, (int, float))
        stream = _WithinTime(connected, self.timeout)
        return HTTPResponse(_AnsweringSocket(stream), *args, **kwargs)  # type: ignore[arg-type] # all it uses of a socket


class _HttpsConnection(_HttpConnection, HTTPSConnection):
    """Connects as HTTPSConnection does; to urllib3 alone, a handshake that times out is like an answer that does."""


class HttpPool(HTTPConnectionPool):
    """Connections to one host over http. `clocks` tells the time, in seconds, in one or more ways."""

    ConnectionCls = _HttpConnection

    def __init__(self, *args: Any, clocks: Clocks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clocks = clocks

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        if connection.used_at is not None:
            idle = (now - then for now, then in zip(self._clocks(), connection.used_at, strict=True))
            if max(idle) > MAX_IDLE_SECONDS:
                connection.close()  # it connects again when it is used
        return connection

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.used_at = self._clocks()
        super()._put_conn(conn)


class HttpsPool(HttpPool, HTTPSConnectionPool):
    """The same over https."""

    ConnectionCls = _HttpsConnection
