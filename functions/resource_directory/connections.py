"""Connections that tell a failure to connect from every later one, read within a time, and are not trusted when idle.

They are those of urllib3, which `requests` is made of, with the three points changed that it leaves to chance.
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
"""How long an unused connection is trusted. The platform freezes an instance between invocations, and what is on the
other side closes the connection meanwhile: a request sent into it would be lost without a word."""

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
    """What `http.client` wants of the socket that it reads an answer from: one file."""

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
        """Return what reads an answer; http.client calls this when a request is out, with a timeout set for it."""
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
