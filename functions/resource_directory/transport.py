"""One request out, one bounded answer back, over `requests`.

What matters to the caller is where a failure fell: while connecting (nothing went out) or after (nobody knows).
Redirects, cookies, and the environment's proxies, netrc and certificates have no say: a prepared request goes through
the session's adapter, which knows none of them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from resource_directory.errors import NoAnswer, NotConnected, UnusableAnswer

MAX_ANSWER_BYTES = 1024 * 1024
"""An answer of this API is a few hundred bytes; a page of 100 verifications, a few thousand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its HTTP status, its headers by lower-case name, its body as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


def new_session() -> requests.Session:
    """Return a session whose connections tell a failure to connect from every later one.

    It also silences urllib3's own log: at DEBUG it prints every URL, and with the URL the phone number in its query.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
    session = requests.Session()
    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def send(
    session: requests.Session,
    request: requests.PreparedRequest,
    *,
    timeouts: tuple[float, float],
    deadline: float,
    monotonic: Callable[[], float],
) -> Answer:
    """Send `request` and return the answer.

    `timeouts` are the seconds for connecting and for the wait for each piece of the answer; `deadline` is the reading
    of `monotonic` after which a body that still trickles in is given up.

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
        body = _read_body(response.raw, deadline, monotonic)
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


def _read_body(raw: BaseHTTPResponse, deadline: float, monotonic: Callable[[], float]) -> bytes:
    # read1 returns after one packet, so that a server sending a byte a second cannot hold the function for hours.
    body = bytearray()
    while chunk := raw.read1(64 * 1024, decode_content=False):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            break
        if monotonic() > deadline:
            raise TimeoutError
    return bytes(body)


class _HttpConnection(HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPError) as error:
            raise NewConnectionError(self, "not connected") from error


class _HttpsConnection(_HttpConnection, HTTPSConnection):
    """Connects as HTTPSConnection does; to urllib3 alone, a handshake that times out is like an answer that does."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
