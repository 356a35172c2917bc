"""`RedisConnection`: a connection of redis-py to a store, with a limit on the whole time.

The timeouts of redis-py are for each address of a name and for each piece of a reply: a name with six dead addresses
would take six times as long, and a store that sends a byte a second could hold the function for hours.
"""

import socket
import time
from collections.abc import Sequence
from ssl import SSLContext
from typing import Any

from redis.connection import Connection
from redis.exceptions import MovedError, NoPermissionError, RedisError

from cooldown.address import StoreAddress
from cooldown.store import StoreNeedsProxyEndpoint, StoreUnavailable

CONNECT_SECONDS = 1.0
"""For connecting to one of the addresses, TLS and sign-in included. The resolver's own time cannot be bounded."""

REPLY_SECONDS = 1.0
"""For all replies to what is sent at once: a store in the same network answers within milliseconds."""

MAX_REPLY_BYTES = 1024 * 1024
"""A record has a few hundred bytes, and a hundred are read at once."""

_NO_PERMISSION_IN_SCRIPT = ("ACL failure in script", "executing the script can't run")
"""What Redis 7 and Valkey say, and what Redis 6 says."""

Command = tuple[str | bytes | int, ...]


class RedisConnection(Connection):
    """Connects when it is first used. One thread at a time."""

    def __init__(self, address: StoreAddress, tls: SSLContext | None) -> None:
        super().__init__(
            address.host,
            address.port,
            db=address.database,
            username=address.username or None,
            password=address.password or None,
            socket_timeout=None,
            # Otherwise each connection begins with commands for which the store's user would need rights.
            protocol=2,
            driver_info=None,
        )
        self._tls = tls
        self._bounded: _BoundedSocket | None = None

    def close(self) -> None:
        """Close the connection."""
        self.disconnect()

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """Send commands at once, and return their replies.

        Raises:
            StoreNeedsProxyEndpoint: the store is a node of a cluster, and the key is on another one.
            StoreUnavailable: there is no connection, or not for each command one reply that is not an error.

        """
        try:
            self.connect()
            assert self._bounded is not None
            self._bounded.allow(REPLY_SECONDS)
            self.send_packed_command(self.pack_commands(commands), check_health=False)
            replies = [self.read_response() for _ in commands]
        except MovedError:
            raise StoreNeedsProxyEndpoint from None
        # redis-py's parser raises what it likes: OverflowError for a length of 30 digits, RecursionError for nested
        # arrays, ValueError for a number that is none.
        except (RedisError, OSError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            raise _unavailable(error) from None
        if self.has_more():
            raise StoreUnavailable("UnaskedReply")
        return replies

    def has_more(self) -> bool:
        """Tell whether a reply is there that no command asked for."""
        try:
            return self.can_read(0)
        except (RedisError, OSError):
            return False  # it has come to its end, and is closed now

    def _connect(self) -> Any:
        """Return a connected socket; redis-py calls this, and then signs in over it."""
        addresses = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        ends = time.monotonic() + CONNECT_SECONDS
        failure = OSError("no address")
        for left, (family, kind, protocol, _, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
            connected = socket.socket(family, kind, protocol)
            try:
                connected.settimeout(_seconds_until(ends) / left)
                connected.connect(address)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._tls is not None:
                    connected.settimeout(_seconds_until(ends))
                    connected = self._tls.wrap_socket(connected, server_hostname=self.host)
                self._bounded = _BoundedSocket(connected, ends)
            except OSError as error:
                failure = error
                connected.close()
            else:
                return self._bounded
        raise failure


class _BoundedSocket:
    """What redis-py calls on a socket, until a time is over and for so many bytes."""

    def __init__(self, connected: socket.socket, ends: float) -> None:
        self._socket = connected
        self._ends = ends
        self._unread = MAX_REPLY_BYTES
        self._waits = True

    def allow(self, seconds: float) -> None:
        """Allow for further seconds, and for as many bytes as replies may have."""
        self._ends = time.monotonic() + seconds
        self._unread = MAX_REPLY_BYTES

    def settimeout(self, seconds: float | None) -> None:
        """Take 0 for not to wait at all; everything else waits until the time is over."""
        self._waits = seconds != 0

    def recv(self, size: int) -> bytes:
        self._socket.settimeout(_seconds_until(self._ends) if self._waits else 0)
        received = self._socket.recv(size)
        self._unread -= len(received)
        if self._unread < 0:
            raise OSError("the reply is too large")
        return received

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(_seconds_until(self._ends))
        self._socket.sendall(data)

    def shutdown(self, how: int) -> None:
        self._socket.shutdown(how)

    def close(self) -> None:
        self._socket.close()


def _seconds_until(moment: float) -> float:
    seconds = moment - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _unavailable(error: BaseException) -> StoreUnavailable:
    """Return what an error means, by the name of its kind: its text may have what the store was sent."""
    if isinstance(error, NoPermissionError) or any(words in str(error) for words in _NO_PERMISSION_IN_SCRIPT):
        return StoreUnavailable("NoPermissionError", "The store's user lacks a right; SECURITY.md lists them.")
    # That of a certificate, say, where redis-py made its own error of it.
    cause = error.__context__ if isinstance(error.__context__, OSError) else error
    return StoreUnavailable(type(cause).__name__)
