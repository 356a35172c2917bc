"""Reads one answer from a socket: within a time and a size, past interim answers, and up to its end.

`http.client` parses it. What it does not do by itself: end an answer that trickles in, read past interim answers other
than 100, and tell whether there is something behind an answer.
"""

import io
import re
import socket
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import Any

from urllib3.util.response import assert_header_parsing

_LENGTH = re.compile(r"[0-9]{1,12}")


class _Stream(io.RawIOBase):
    """Reads a socket until a time or a size is reached, however small the pieces are that come in.

    The timeout of a socket is for each piece: a server that sends a byte a second could hold the function for hours.
    """

    def __init__(
        self, connected: socket.socket, *, seconds: float, max_bytes: int, monotonic: Callable[[], float]
    ) -> None:
        self._socket = connected
        self._stream = connected.makefile("rb", buffering=0)
        self._monotonic = monotonic
        self._ends = monotonic() + seconds
        self._bytes_left = max_bytes
        self.at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.at_end:
            return 0
        remaining = self._ends - self._monotonic()
        if remaining <= 0:
            raise TimeoutError
        if self._bytes_left <= 0:
            raise OSError("the answer is too large")
        self._socket.settimeout(remaining)
        count = self._stream.readinto(memoryview(buffer)[: self._bytes_left])
        self._bytes_left -= count or 0
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class AnswerReader(io.BufferedReader):
    """Reads one answer; `http.client` closes it at the answer's end.

    Args:
        connected: the socket that the request went out by.
        seconds: the time from now within which the answer must end.
        max_bytes: its size, head and framing included.
        monotonic: the clock, in seconds.

    Attributes:
        nothing_behind: it was closed, and no byte of what was received was left over.

    """

    def __init__(
        self, connected: socket.socket, *, seconds: float, max_bytes: int, monotonic: Callable[[], float]
    ) -> None:
        self._stream = _Stream(connected, seconds=seconds, max_bytes=max_bytes, monotonic=monotonic)
        super().__init__(self._stream)
        self.nothing_behind = False

    def close(self) -> None:
        """Close it, having looked what is left."""
        if not self.closed:
            self._stream.at_end = True  # so that peek() looks at the buffer alone
            self.nothing_behind = not self.peek()
        super().close()


class FinalAnswer(HTTPResponse):
    """The final answer, after interim ones. It takes a reader in place of a socket."""

    def __init__(self, reader: AnswerReader, *args: Any, **kwargs: Any) -> None:
        super().__init__(_OnlyMakefile(reader), *args, **kwargs)  # type: ignore[arg-type] # all it uses of a socket

    def begin(self) -> None:
        """Read the head. After 101 (switching protocols) no other answer comes, so that one is final.

        Raises:
            HeaderParsingError: a line of it is no header, which ended the parsing: those behind it are not known.
            HTTPException: the body has no length that can be told. Source: RFC 9112, section 6.3.

        """
        super().begin()
        while self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment] # as before the first head: it reads one only
            super().begin()
        assert_header_parsing(self.headers)
        lengths = self.headers.get_all("content-length", [])  # urllib3 looks whether they differ
        if not all(map(_LENGTH.fullmatch, lengths)):
            raise HTTPException("Content-Length")
        if lengths and "transfer-encoding" in self.headers:
            self.will_close = True  # the other side may go by either


class _OnlyMakefile:
    def __init__(self, reader: AnswerReader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> AnswerReader:
        return self._reader
