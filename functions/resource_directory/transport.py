"""One request out, one bounded answer back, over `requests`.

A failure while connecting means that nothing was sent; after any later one, the outcome is unknown. A prepared request
goes straight through an adapter of `requests`. So redirects, cookies, and the environment's proxies, netrc and
certificates play no part.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, NoReturn, TypeVar

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

from resource_directory.connections import Clocks, Connection, HttpPool, HttpsPool
from resource_directory.errors import AnswerLost, NoAnswer, NotConnected, ResourceDirectoryError, UnusableAnswer

MAX_ANSWER_BYTES = 1024 * 1024
"""An answer of this API is a few hundred bytes; a page of 100 verifications, a few thousand."""

T = TypeVar("T")


class ApiResponse(NamedTuple):
    """A whole answer: its HTTP status, its headers by name in any case, its body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Adapter(HTTPAdapter):
    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Return the bare answer: headers are text from outside, not looked into for cookies or an encoding."""
        response = requests.Response()
        response.status_code = resp.status
        response.headers.update(resp.headers)
        response.raw = resp
        response.request = req
        return response


def new_adapter(clocks: Clocks) -> HTTPAdapter:
    """Return an adapter whose connections tell a failure to connect from every later one.

    A kept connection is used again only if no clock of `clocks`, in seconds, shows that it was idle for long: in a
    freeze, a monotonic clock may stand still.
    """
    adapter = _Adapter(max_retries=0)
    pools: dict[str, Any] = {"http": partial(HttpPool, clocks=clocks), "https": partial(HttpsPool, clocks=clocks)}
    adapter.poolmanager.pool_classes_by_scheme = pools
    return adapter


def send(
    adapter: BaseAdapter,
    request: requests.PreparedRequest,
    *,
    timeouts: tuple[float, float],
    read: Callable[[ApiResponse], T],
) -> T:
    """Send `request` and return what `read` makes of the answer.

    `timeouts` are the seconds to connect, and until the whole answer is there. The connection is used again only if
    `read` finds the answer usable: it returns, or raises an error that is not an `AnswerLost`. What comes late, after
    an answer that was none, is then not taken for the answer to another request.

    Raises:
        NotConnected: nothing was sent.
        NoAnswer: the connection broke, or time ran out, after it was connected, or what came cannot be read.
        UnusableAnswer: the answer is larger than `MAX_ANSWER_BYTES`.
        ResourceDirectoryError: raised by `read`.

    """
    try:
        response = adapter.send(request, stream=True, timeout=timeouts)
    except requests.RequestException as error:
        _raise_classified(error)
    connection = response.raw.connection  # with the body's last byte, urllib3 drops it
    usable = False
    try:
        result = read(_whole_answer(response))
        usable = True
    except ResourceDirectoryError as error:
        usable = not isinstance(error, AnswerLost)
        raise
    finally:
        response.close()
        if isinstance(connection, Connection):
            if usable:
                connection.keep()
            else:
                connection.close()
    return result


def _whole_answer(response: requests.Response) -> ApiResponse:
    try:
        body = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=False)
    except Exception as error:  # noqa: BLE001 -- the parsers raise many kinds; the request is out, whatever it was
        raise NoAnswer(timed_out=isinstance(error, (ReadTimeoutError, TimeoutError))) from None
    if len(body) > MAX_ANSWER_BYTES:
        raise UnusableAnswer
    if response.raw.length_remaining:
        raise NoAnswer(timed_out=False)
    return ApiResponse(response.status_code, response.headers, body)


def _raise_classified(error: requests.RequestException) -> NoReturn:
    # `from None`: the texts of these exceptions hold the URL, and with it the phone number.
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        raise NotConnected from None
    raise NoAnswer(timed_out=isinstance(error, requests.Timeout)) from None
