"""`RedisStore`: a store that all instances share, on Redis, Valkey or Tair. Imported only where one is configured.

A user of the store needs the commands TIME, GET, SET, DEL, EVAL, SISMEMBER, SCARD, SADD, SREM and EXPIRE on the keys
`pv1:*`.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from cooldown.store import Reading, StoreUnavailable

TIMEOUT_SECONDS = 1.0
"""For connecting, and for each answer: a store in the same network answers within milliseconds."""

_REPLACE = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
end
return 1
"""

_TAKE = """
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 0 then
  if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
  redis.call('SADD', KEYS[1], ARGV[1])
end
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

T = TypeVar("T")


class RedisStore:
    """Keeps values at a `redis://` or `rediss://` URL; of the latter, certificate and name are verified."""

    def __init__(self, url: str) -> None:
        tls = {"ssl_cert_reqs": "required", "ssl_check_hostname": True} if url.startswith("rediss:") else {}
        self._redis = Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            # Once more over a new connection: the platform's freeze may have outlived the old one. Carried out twice,
            # a command does no harm: the second time, the value that it replaces is not there any more.
            retry=Retry(NoBackoff(), 1),
            # Otherwise each connection would begin with commands that the store's user would have to be allowed.
            protocol=2,
            driver_info=None,
            **tls,
        )
        # Read here: a reply that the client fails to convert would leave those behind it unread.
        self._redis.set_response_callback("TIME", lambda reply, **_: reply)

    def read(self, keys: Sequence[str]) -> Reading:
        """Return the time, and the value of each key."""

        def read_all() -> list[Any]:
            with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.time()
                for key in keys:
                    pipeline.get(key)
                return list(pipeline.execute())

        time, *values = _reply_to(read_all)
        try:
            seconds, microseconds = map(int, time)
        except (TypeError, ValueError):
            raise _odd_reply() from None
        if not all(value is None or isinstance(value, bytes) for value in values):
            raise _odd_reply()
        return Reading(seconds + microseconds / 1_000_000, values)

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Put `new` (None: nothing) in the place of `old`, for `lifetime` seconds; False if `old` is not there."""
        return self._done(_REPLACE, key, old or b"", new or b"", lifetime)

    def take(self, key: str, token: str, limit: int, lifetime: int) -> bool:
        """Add a token to a set, which then lives for `lifetime` seconds; False if it holds `limit` others already."""
        return self._done(_TAKE, key, token, limit, lifetime)

    def put_back(self, key: str, token: str) -> None:
        """Remove a token from a set."""
        _reply_to(lambda: self._redis.srem(key, token))

    def _done(self, script: str, key: str, *arguments: str | bytes | int) -> bool:
        reply: object = _reply_to(lambda: self._redis.eval(script, 1, key, *arguments))
        if reply not in (0, 1):
            raise _odd_reply()
        return reply == 1


def _reply_to(command: Callable[[], T]) -> T:
    try:
        return command()
    # Its parser raises what it likes: ValueError for a malformed integer, RecursionError for nested arrays.
    except (RedisError, OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        # Its own text may name the URL, and the URL holds a password.
        raise StoreUnavailable(type(error).__name__) from None


def _odd_reply() -> StoreUnavailable:
    return StoreUnavailable("OddReply")
