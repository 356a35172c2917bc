"""One request out, one bounded answer back, over `requests`.

What matters to the caller is where a failure fell: while connecting (nothing went out) or after (nobody knows).
Redirects, cookies, and the environment's proxies, netrc and certificates have no say: a prepared request goes through
the session's adapter, which knows none of them.
"""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple, NoReturn

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from resource_directory.connections import Clocks, HttpPool, HttpsPool
from resource_directory.errors import NoAnswer, NotConnected, UnusableAnswer

MAX_ANSWER_BYTES = 1024 * 1024
"""An answer of this API is a few hundred bytes; a page of 100 verifications, a few thousand."""


class ApiResponse(NamedTuple):
    """A whole answer: its HTTP status, its headers by name in any case, its body as it came."""

    status: int
    headers: Mapping[str, str]
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
    pools: dict[str, Any] = {"http": partial(HttpPool, clocks=clocks), "https": partial(HttpsPool, clocks=clocks)}
    adapter.poolmanager.pool_classes_by_scheme = pools
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def send(adapter: BaseAdapter, request: requests.PreparedRequest, *, timeouts: tuple[float, float]) -> ApiResponse:
    """Send `request` and return the answer; `timeouts` are the seconds to connect, and until the whole answer is there.

    Raises:
        NotConnected: nothing went out.
        NoAnswer: the connection broke or time ran out after that.
        UnusableAnswer: the answer is larger than `MAX_ANSWER_BYTES`.

    """
    try:
        response = adapter.send(request, stream=True, timeout=timeouts)
    except requests.RequestException as error:
        _raise_by_where_it_fell(error)
    try:
        body = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=False)
    except (HTTPError, OSError) as error:
        raise NoAnswer(timed_out=isinstance(error, (ReadTimeoutError, TimeoutError))) from None
    finally:
        response.close()
    if len(body) > MAX_ANSWER_BYTES:
        raise UnusableAnswer(response.status_code)
    if response.raw.length_remaining:
        raise NoAnswer(timed_out=False)
    return ApiResponse(response.status_code, response.headers, body)


def _raise_by_where_it_fell(error: requests.RequestException) -> NoReturn:
    # `from None`: the texts of these exceptions hold the URL, and the URL holds the phone number.
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        raise NotConnected from None
    raise NoAnswer(timed_out=isinstance(error, requests.Timeout)) from None
