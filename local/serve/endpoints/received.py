"""What an envelope says of a request that was received over HTTP, whichever trigger it came by."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request

from local.web.local_server import HEADERS

_TEXT = ("text/", "application/json", "application/xml", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as an envelope holds it: text, or base64 where the content type, or the bytes, are binary."""

    text: str
    is_base64_encoded: bool


def body_of(received: Request) -> Body:
    """Return the body. Which content types the platform takes for binary is not published."""
    content = received.get_data()
    if not content or (received.content_type or "text/plain").lower().startswith(_TEXT):
        try:
            return Body(content.decode(), is_base64_encoded=False)
        except UnicodeDecodeError:
            pass
    return Body(base64.b64encode(content).decode(), is_base64_encoded=True)


def headers_of(received: Request) -> dict[str, str]:
    """Return the headers, names as they came, several values of one joined by commas."""
    pairs = received.environ.get(HEADERS) or received.headers.items()
    spelt: dict[str, str] = {}
    joined: dict[str, str] = {}
    for name, value in pairs:
        first = spelt.setdefault(name.lower(), name)
        joined[first] = f"{joined[first]},{value}" if first in joined else value
    return joined


def query_of(received: Request) -> dict[str, str]:
    """Return the query's parameters, several values of one joined by commas."""
    return {name: ",".join(values) for name, values in received.args.lists()}


def raw_path_of(received: Request) -> str:
    """Return the path as it was received, percent-encoded."""
    target: str = received.environ["REQUEST_URI"]
    path = target.partition("?")[0]
    return path if path.startswith("/") else received.path  # of a whole URL, as proxies send


def header_bytes(headers: Mapping[str, str]) -> int:
    """Return how large headers are on the wire: names, values, and what stands between them."""
    return sum(len(name) + len(value) + len(": \r\n") for name, value in headers.items())
