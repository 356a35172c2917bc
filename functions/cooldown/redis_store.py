"""`RedisStore`: a store that all instances share, on Redis, Valkey or Tair. Imported only where one is configured.

A user of the store needs the commands GET, SET, DEL, INCRBY, EXPIRE and EVAL on the keys `pv1:*`.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from cooldown.store import StoreUnavailable

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

_ADD = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return count
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

    def get(self, keys: Sequence[str]) -> list[bytes | None]:
        """Return the value of each key, in their order."""

        def get_each() -> list[bytes | None]:
            with self._redis.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.get(key)
                return list(pipeline.execute())

        return _asked(get_each)

    def replace(self, key: str, old: bytes | None, new: bytes | None, lifetime: int) -> bool:
        """Put `new` (None: nothing) in the place of `old`, for `lifetime` seconds; False if `old` is not there."""
        return bool(_asked(lambda: self._redis.eval(_REPLACE, 1, key, old or b"", new or b"", str(lifetime))))

    def add(self, key: str, amount: int, lifetime: int) -> int:
        """Add to a counter that starts at 0 and lives for `lifetime` seconds from now; return what it is then."""
        return int(_asked(lambda: self._redis.eval(_ADD, 1, key, str(amount), str(lifetime))))


def _asked(command: Callable[[], T]) -> T:
    try:
        return command()
    except (RedisError, OSError) as error:
        # Its own text may name the URL, and the URL holds a password.
        raise StoreUnavailable(type(error).__name__) from None
