"""`RedisStore`: a store that all instances share, on Redis, Valkey or Tair. Imported only where one is configured.

A user of the store needs the commands TIME, ECHO, GET, SET, DEL, EVAL, SISMEMBER, SCARD, SADD, SREM and EXPIRE on the
keys `pv1:*`.
"""

import itertools
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from cooldown.address import StoreAddress
from cooldown.redis_connection import Command, RedisConnection
from cooldown.store import Reading, StoreUnavailable

# Each script also returns its last argument, so that a late reply to another command is recognised.

_REPLACE = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return {0, ARGV[4]} end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
end
return {1, ARGV[4]}
"""

_TAKE = """
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return {0, ARGV[4]} end
  redis.call('SADD', KEYS[1], ARGV[1])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
return {1, ARGV[4]}
"""

T = TypeVar("T")


class RedisStore:
    """Keeps values in the store at an address.

    Over TLS it verifies certificate and name, by the certificates in the PEM file `authorities` alone, or by the
    system's if no file is given.
    """

    def __init__(self, address: StoreAddress, authorities: str | None = None) -> None:
        self._address = address
        self._tls = ssl.create_default_context(cafile=authorities) if address.tls else None
        self._kept: list[RedisConnection] = []
        self._numbers = itertools.count()

    def read(self, keys: Sequence[str]) -> Reading:
        """Return the time, and the value of each key."""
        # Nothing in a value says which command it answers, so the last reply must have this command's own number.
        number = str(next(self._numbers))

        def reading(replies: list[Any]) -> Reading:
            if replies.pop() != number.encode():
                raise _odd_reply()
            return _reading(replies)

        return self._ask([("TIME",), *(("GET", key) for key in keys), ("ECHO", number)], reading)

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Replace `old` by `new` (None: no value) for `lifetime` seconds; False if the present value is not `old`."""
        return self._done(_REPLACE, key, old or b"", new or b"", lifetime)

    def take(self, key: str, token: str, limit: int, lifetime: int) -> bool:
        """Add a token to a set, which then lives for `lifetime` seconds; False if it holds `limit` others already."""
        return self._done(_TAKE, key, token, limit, lifetime)

    def put_back(self, key: str, token: str) -> None:
        """Remove a token from a set."""
        self._ask([("SREM", key, token)], lambda _: None)

    def _done(self, script: str, key: str, *arguments: str | bytes | int) -> bool:
        number = str(next(self._numbers))

        def is_done(replies: list[Any]) -> bool:
            match replies:
                case [[0 | 1 as done, bytes(returned)]] if returned == number.encode():
                    return bool(done)
            raise _odd_reply()

        return self._ask([("EVAL", script, 1, key, *arguments, number)], is_done)

    def _ask(self, commands: Sequence[Command], read: Callable[[list[Any]], T]) -> T:
        """Return what `read` makes of the replies to commands.

        If commands fail over a kept connection, they are sent once more over a new one: the old one may have ended
        while the platform froze the instance, or lead to a server that is no longer primary. A change that is executed
        twice does no harm: the second time, the value to replace is gone.
        """
        try:
            kept = self._kept.pop()
        except IndexError:
            kept = None
        if kept is not None and kept.has_more():
            kept.close()  # nothing was asked that it could answer
            kept = None
        if kept is not None:
            with suppress(StoreUnavailable):
                return self._ask_over(kept, commands, read)
        return self._ask_over(RedisConnection(self._address, self._tls), commands, read)

    def _ask_over(self, connection: RedisConnection, commands: Sequence[Command], read: Callable[[list[Any]], T]) -> T:
        try:
            result = read(connection.ask(commands))
        except BaseException:  # a connection that is not kept is closed, whatever happened
            connection.close()
            raise
        if connection.is_connected:  # it may have ended behind its reply
            self._kept.append(connection)
        return result


def _reading(replies: list[Any]) -> Reading:
    match replies:
        case [[bytes(seconds), bytes(microseconds)], *values] if _is_number(seconds) and _is_number(microseconds):
            if all(value is None or isinstance(value, bytes) for value in values):
                return Reading(int(seconds) + int(microseconds) / 1_000_000, values)
    raise _odd_reply()


def _is_number(text: bytes) -> bool:
    return text.isdigit() and len(text) <= 12


def _odd_reply() -> StoreUnavailable:
    return StoreUnavailable("OddReply")
