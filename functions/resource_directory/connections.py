"""urllib3's connections, which `requests` uses, with changes.

- A failure to connect is told from every later one. No request leaves after the time to connect is over.
- Any failure to read an answer is a `ProtocolError`, or a timeout; see `resource_directory.reading`.
- A connection is used again only if its user found the answer good (`keep`), if nothing came behind that answer, and
  if it was not idle for long.
"""

import socket
from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError

from resource_directory.dialing import dial
from resource_directory.reading import AnswerReader, FinalAnswer

MAX_IDLE_SECONDS = 5.0
"""How long an unused connection is trusted. The platform freezes an instance between invocations, and meanwhile the
server closes the connection: a request sent into it would be lost without a word."""

MAX_RECEIVED_BYTES = 2 * 1024 * 1024
"""Of one answer, interim answers, head and framing included."""

Clocks = Callable[[], tuple[float, ...]]
"""Tells the time in seconds in one or more ways. The last one never goes back: it measures the time of a request."""


class Connection(HTTPConnection):
    """A connection over http, which carries one request at a time."""

    used_at: tuple[float, ...] | None = None

    def __init__(self, *args: Any, monotonic: Callable[[], float], **kwargs: Any) -> None:
        self._monotonic = monotonic
        self._ends: float | None = None
        self._reader: AnswerReader | None = None
        self._lender: HttpPool | None = None
        super().__init__(*args, **kwargs)

    @property
    def timeout(self) -> float | None:
        """What is left of the seconds that it was set to: urllib3 sets those to connect, then those to answer."""
        return None if self._ends is None else max(self._ends - self._monotonic(), 0.0)

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else self._monotonic() + seconds

    @property
    def is_connected(self) -> bool:
        """Tell whether it is open and nothing is there to read: nothing was asked that it could answer."""
        pending = getattr(self.sock, "pending", None)  # what TLS has decrypted already
        return super().is_connected and not (pending and pending())

    def connect(self) -> None:
        """Connect, within the timeout.

        Raises:
            NewConnectionError: it failed.

        """
        try:
            super().connect()
        except (OSError, HTTPError, UnicodeError) as error:
            raise NewConnectionError(self, "not connected") from error

    def _new_conn(self) -> socket.socket:
        return dial(self._dns_host, self.port, seconds=self.timeout or 0, monotonic=self._monotonic)

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        """Send the request, nothing of which has left before, unless there is no time left.

        Raises:
            NewConnectionError: nothing was sent.

        """
        if self.sock is None:
            self.connect()
        if self.timeout == 0:
            raise NewConnectionError(self, "connected too late")
        self.sock.settimeout(self.timeout)
        super().endheaders(*args, **kwargs)

    def response_class(self, connected: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:  # type: ignore[override] # called, never subclassed
        """Return the reader of an answer; http.client calls this when a request is out."""
        self._reader = AnswerReader(
            connected, seconds=self.timeout or 0, max_bytes=MAX_RECEIVED_BYTES, monotonic=self._monotonic
        )
        return FinalAnswer(self._reader, *args, **kwargs)

    def getresponse(self) -> Any:
        """Return the answer to a request, its head read.

        Raises:
            OSError: the connection broke, or time ran out.
            ProtocolError: the received bytes are not an answer.

        """
        try:
            return super().getresponse()
        except OSError:
            raise
        except Exception as error:  # whatever a parser stumbles over, the request is out
            raise ProtocolError("not an answer") from error

    def lend(self, lender: "HttpPool") -> None:
        """Note the pool that `keep` gives it back to."""
        self._lender = lender

    def keep(self) -> None:
        """Have it used again, if its answer was read to the end and nothing came with it behind it. Else close it.

        What comes later than that is found when it is taken for the next request, by `is_connected`.
        """
        lender, self._lender = self._lender, None
        if lender is not None and self._reader is not None and self._reader.nothing_behind:
            lender.take_back(self)
        else:
            self.close()


class _HttpsConnection(Connection, HTTPSConnection):
    """Connects as HTTPSConnection does; to urllib3 alone, a handshake that times out is like an answer that does."""


class HttpPool(HTTPConnectionPool):
    """Connections to one host over http."""

    ConnectionCls = Connection

    def __init__(self, *args: Any, clocks: Clocks, **kwargs: Any) -> None:
        super().__init__(*args, monotonic=lambda: clocks()[-1], **kwargs)
        self._clocks = clocks

    def take_back(self, connection: Connection) -> None:
        """Have a connection used for a later request."""
        connection.used_at = self._clocks()
        super()._put_conn(connection)

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        if connection.used_at is not None:
            idle = (now - then for now, then in zip(self._clocks(), connection.used_at, strict=True))
            if max(idle) > MAX_IDLE_SECONDS:
                connection.close()  # it connects again when it is used
        return connection

    def _put_conn(self, conn: Any) -> None:
        # urllib3 puts it back with the last byte of a body, before anyone can know what the answer was worth.
        if conn is not None:
            conn.lend(self)


class HttpsPool(HttpPool, HTTPSConnectionPool):
    """The same over https."""

    ConnectionCls = _HttpsConnection
