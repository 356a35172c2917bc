"""Connects to a host by its name, within a time: the resolver's part and every address of the name are counted.

A socket's own timeout applies to each address, and to the resolver nothing does.
"""

import socket
import struct
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from urllib3.util.connection import allowed_gai_family

_RESET_ON_CLOSE = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
"""Else the kernel goes on delivering, for minutes, a request that was given up: the text would go out long after."""


def dial(host: str, port: int, *, seconds: float, monotonic: Callable[[], float]) -> socket.socket:
    """Return a connected socket, whose timeout is what is left of `seconds`.

    Each address gets an equal share of the time that is left.

    Raises:
        OSError: no address could be connected to, or not in time.
        UnicodeError: `host` cannot be a name.

    """
    ends = monotonic() + seconds
    addresses = _resolve(host, port, seconds)
    failure = OSError("the name has no address")
    for number, address in enumerate(addresses):
        left = ends - monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            connection = _connect(address, seconds=left / (len(addresses) - number))
        except OSError as error:
            failure = error
        else:
            connection.settimeout(max(ends - monotonic(), 0.001))
            return connection
    raise failure


def _connect(resolved: Any, *, seconds: float) -> socket.socket:
    family, kind, protocol, _, address = resolved
    connection = socket.socket(family, kind, protocol)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(*_RESET_ON_CLOSE)
        connection.settimeout(seconds)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _resolve(host: str, port: int, seconds: float) -> list[Any]:
    """Return the addresses of a name, as `getaddrinfo` gives them.

    It cannot be interrupted, so it runs in a thread of its own. A late one ends by itself, and its result is ignored.
    """
    answer: SimpleQueue[list[Any] | Exception] = SimpleQueue()

    def resolve() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 -- raised again in the thread that waits
            answer.put(error)

    try:
        Thread(target=resolve, daemon=True).start()
        addresses = answer.get(timeout=max(seconds, 0))
    except (Empty, RuntimeError) as error:  # the second: no thread could be started
        raise TimeoutError from error
    if isinstance(addresses, Exception):
        raise addresses
    return addresses
