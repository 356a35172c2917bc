"""Reads the body of a request, in either of the two ways that HTTP/1.1 has to say how long it is."""

from email.message import Message
from io import BufferedIOBase, BufferedReader, RawIOBase
from typing import IO, cast

from werkzeug.serving import DechunkedInput

_MAX_DIGITS = 20
"""Of a Content-Length. Python converts no text of thousands of digits to a number."""


class BodyRefused(Exception):
    """A body that is not read; `status` is what its sender is answered."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_body(headers: Message, stream: BufferedIOBase, *, max_bytes: int, allow_chunked: bool) -> bytes:
    """Return the body that follows these headers in a stream; `allow_chunked` accepts `Transfer-Encoding: chunked`.

    Raises:
        BodyRefused: it has no sensible length, or is longer than `max_bytes`.

    """
    if "Transfer-Encoding" in headers:
        if not allow_chunked or headers["Transfer-Encoding"].lower() != "chunked":
            raise BodyRefused(411)
        return _in_chunks(stream, max_bytes)
    length = headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()):
        raise BodyRefused(400)
    if len(length) > _MAX_DIGITS or int(length) > max_bytes:
        raise BodyRefused(413)
    return stream.read(int(length))


def _in_chunks(stream: BufferedIOBase, max_bytes: int) -> bytes:
    joined: RawIOBase = DechunkedInput(cast("IO[bytes]", stream))
    try:
        body = BufferedReader(joined).read(max_bytes + 1)
    except OSError:
        raise BodyRefused(400) from None
    if len(body) > max_bytes:
        raise BodyRefused(413)
    return body
