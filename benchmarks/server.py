"""A server that answers the operations at once, over http and over TLS; run as a process of its own.

It stands in for the API where only time counts: it looks at the name of the operation and at the page that is asked
for, and at no signature.
"""

import asyncio
import json
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
REQUEST_ID = "46C233DE-4625-48A1-8DEB-4141A74F0543"
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a server listens."""

    http: str
    https: str

    def of(self, scheme: str) -> str:
        """Return the URL of a scheme."""
        return self.https if scheme == "https" else self.http


@contextmanager
def serving(certificate: Path, pending: int = 0) -> Iterator[Endpoints]:
    """Run a server whose directory has so many pending verifications; `certificate` has its key in it."""
    command = [sys.executable, "-m", "benchmarks.server", str(certificate), str(pending)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:  # noqa: S603 -- our own words
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        try:
            yield Endpoints(f"http://{HOST}:{ports[0]}", f"https://{HOST}:{ports[1]}")
        finally:
            process.terminate()


class _Api(asyncio.Protocol):
    def __init__(self, pages: list[bytes]) -> None:
        self._pages = pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        if end and len(rest) >= (int(length[1]) if length else 0):
            self._received = b""
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        if b"ListMessageContactVerifications" not in head:
            return _response({"RequestId": REQUEST_ID})
        number = re.search(rb"PageNumber=(\d+)", head)
        return self._pages[int(number[1]) - 1 if number else 0]


def _pages(pending: int) -> list[bytes]:
    verifications = [
        {"ContactId": f"c-{number:016x}", "Target": f"86-139{number:08}", "Type": "MOBILE"} for number in range(pending)
    ]
    # One more than there are entries for: a listing may end with an empty page.
    return [
        _response(
            {
                "RequestId": REQUEST_ID,
                "PageNumber": first // PAGE_SIZE + 1,
                "PageSize": PAGE_SIZE,
                "TotalCount": pending,
                "ContactVerifications": verifications[first : first + PAGE_SIZE],
            }
        )
        for first in range(0, pending + 1, PAGE_SIZE)
    ]


def _response(document: object) -> bytes:
    body = json.dumps(document).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def _serve(certificate: str, pending: int) -> None:
    loop, pages = asyncio.get_running_loop(), _pages(pending)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    servers = [await loop.create_server(lambda: _Api(pages), HOST, 0, ssl=each) for each in (None, context)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)  # noqa: T201 -- its answer
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
