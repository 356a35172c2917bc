"""Run by `test_memory.py` in a process of its own: prints by how many KB each event raised the peak of a child process.

The child is forked from one that has served requests, so it starts with what an idle instance holds. The peak is
`VmHWM` of Linux, which the kernel counts: a child begins with what it shares with its parent.
"""

import base64
import io
import json
import os
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from typing import Any

import resend_pending_verifications
import send_phone_verification
from fcapi.errors import EventFailed
from fcapi.events.opening import MAX_EVENT_BYTES
from fcapi.events.payloads import MAX_VALUES
from fcapi.testing import make_context

REQUEST = b'{"ContactId": "c-qL4HqKONzOM7abcd", "PhoneNumber": "86-13900001234"}'
DEPTH = 900
OBJECTS = b'{"":' * DEPTH + b"{}" + b"}" * DEPTH
LISTS = b"[" * DEPTH + b"]" * DEPTH


def events() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of events that take much memory for their size."""
    for name, item in (("objects", b"{}"), ("deep objects", OBJECTS), ("deep lists", LISTS)):
        yield f"{name} of 1 MB", _list_of(item, MAX_EVENT_BYTES)
    yield "objects of 8 MB", _list_of(b"{}", 8 * MAX_EVENT_BYTES)
    for megabytes in (1, 8):
        size = megabytes * MAX_EVENT_BYTES
        yield f"wrong headers of {megabytes} MB", _request(headers=_members(b"0", (size - 500) // 11))
        yield f"a body of {megabytes} MB", _request(body=json.dumps("x" * (size - 500)).encode())
    yield "ends of lines", b"\n" * MAX_EVENT_BYTES
    for name, item in (("objects", OBJECTS), ("lists", LISTS)):
        most = _list_of(item, len(item) * (MAX_VALUES - 1) // (item.count(b"{") + item.count(b"[") + 1))
        yield f"as many {name} as may be", most
        yield f"as many {name} as may be, in each of as many dead letters as fit", _letters(most)
    yield "as many wrong headers as may be", _request(headers=_members(b"[]", MAX_VALUES // 2 - 20))
    yield "as many headers as may be", _request(headers=_members(b'"xxxxxxxxxxxxxxxxxxx"', MAX_VALUES - 20))
    text = "\U0001f600".encode() * (MAX_EVENT_BYTES // 4 - 100)
    yield "a text beyond the basic plane", b'%b, "x": "%b"}' % (REQUEST[:-1], text)


def _list_of(item: bytes, size: int) -> bytes:
    return b"[" + b",".join([item] * (size // (len(item) + 1))) + b"]"


def _members(value: bytes, count: int) -> bytes:
    return b"{" + b",".join(b'"%06x":%b' % (number, value) for number in range(count)) + b"}"


def _request(*, headers: bytes = b'{"content-type": "application/json"}', body: bytes = b'""') -> bytes:
    http = b'{"version": "v1", "requestContext": {"http": {"method": "POST"}}, "headers": %b, "body": %b}'
    return http % (headers, body)


def _letters(junk: bytes) -> bytes:
    """Return dead letters in each other, each with junk next to the letter within, as text in base64."""
    letter = REQUEST
    while len(letter) * 4 // 3 + len(junk) < MAX_EVENT_BYTES - 200:
        letter = b'{"requestContext": {"condition": "x"}, "junk": %b, "requestPayload": "%b"}' % (
            junk,
            base64.b64encode(letter),
        )
    return letter


def growth(module: Any, event: bytes) -> int:
    """Return by how many KB an event raises the peak of a child of this process."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        before = _peak()
        _invoke(module, event)
        os.write(write_end, b"%d" % (_peak() - before))
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        grown = answer.read()
    os.waitpid(child, 0)
    return int(grown)


def _invoke(module: Any, event: bytes) -> None:
    with redirect_stdout(io.StringIO()), suppress(EventFailed):
        module.handler(event, make_context())


def _peak() -> int:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 -- it has no size to be read by
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def main() -> None:
    """Print a line of JSON for each event and function: its size in bytes, the growth in KB."""
    for module in (send_phone_verification, resend_pending_verifications):
        module.initialize(make_context())
        _invoke(module, REQUEST)
        _invoke(module, _request())
    for number, (name, event) in enumerate(events()):
        # The parser is the same for both: of function 2 a part of them is enough.
        for module in (send_phone_verification, resend_pending_verifications)[: 2 - bool(number % 4)]:
            measured = {"event": name, "function": module.__name__, "size": len(event), "growth": growth(module, event)}
            print(json.dumps(measured))  # noqa: T201 -- it is what this is for


if __name__ == "__main__":
    main()
