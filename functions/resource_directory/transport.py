"""One request out, one bounded answer back, over `requests`.

What matters to the caller is where a failure fell: while connecting (nothing went out) or after (nobody knows).
Redirects, cookies, and the environment's proxies, netrc and certificates have no say: a prepared request goes through
the session's adapter, which knows none of them.
"""

import io
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from typing import Any, NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from resource_directory.errors import NoAnswer, NotConnected, UnusableAnswer

MAX_ANSWER_BYTES = 1024 * 1024
"""An answer of this API is a few hundred bytes; a page of 100 verifications, a few thousand."""

MAX_IDLE_SECONDS = 5.0
"""How long an unused connection is trusted. The platform freezes an instance between invocations, and what is on the
other side closes the connection meanwhile: a request sent into it would be lost without a word."""

Clocks = Callable[[], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its HTTP status, its headers by lower-case name, its body as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


def new_session(clocks: Clocks) -> requests.Session:
    """Return a session whose connections tell a failure to connect from every later one.

    A kept connection is used again only if no clock of `clocks`, in seconds, shows that it was idle for long: in a
    freeze, a monotonic clock may stand still.

    It also silences urllib3's own log: at DEBUG it prints every URL, and with the URL the phone number in its query.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
    session = requests.Session()
    adapter = HTTPAdapter(max_retries=0)
    pools: dict[str, Any] = {"http": partial(_HttpPool, clocks=clocks), "https": partial(_HttpsPool, clocks=clocks)}
    adapter.poolmanager.pool_classes_by_scheme = pools
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def send(session: requests.Session, request: requests.PreparedRequest, *, timeouts: tuple[float, float]) -> Answer:
    """Send `request` and return the answer; `timeouts` are the seconds to connect, and until the whole answer is there.

    Raises:
        NotConnected: nothing went out.
        NoAnswer: the connection broke or time ran out after that.
        UnusableAnswer: the answer is larger than `MAX_ANSWER_BYTES`.

    """
    adapter = session.get_adapter(str(request.url))
    try:
        response = adapter.send(request, stream=True, timeout=timeouts)
    except requests.RequestException as error:
        _raise_by_where_it_fell(error)
    try:
        body = _read_body(response.raw)
    except (HTTPError, OSError) as error:
        raise NoAnswer(timed_out=isinstance(error, (ReadTimeoutError, TimeoutError))) from None
    finally:
        response.close()
    if len(body) > MAX_ANSWER_BYTES:
        raise UnusableAnswer(response.status_code)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, body)


def _raise_by_where_it_fell(error: requests.RequestException) -> NoReturn:
    # `from None`: the texts of these exceptions hold the URL, and the URL holds the phone number.
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        raise NotConnected from None
    raise NoAnswer(timed_out=isinstance(error, requests.Timeout)) from None


def _read_body(raw: BaseHTTPResponse) -> bytes:
    body = bytearray()
    while chunk := raw.read1(64 * 1024, decode_content=False):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            break
    return bytes(body)


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


class _HttpPool(HTTPConnectionPool):
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


class _HttpsPool(_HttpPool, HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
