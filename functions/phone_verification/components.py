"""What an instance of a function keeps between invocations: settings, the service with its connections, the logger."""

import itertools
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Generic

from cooldown.ledger import Ledger
from cooldown.store import Store
from fcapi.context import Context, timeout_seconds
from fcapi.logger import Logger, invocation_fields
from phone_verification.service import VerificationService
from phone_verification.settings import AnySettings
from resource_directory.client import ResourceDirectoryClient
from resource_directory.retries import Retries
from resource_directory.transport import new_session

REPLY_SECONDS = 1.0
"""What is left of the function's time for logging and answering."""


class Components(Generic[AnySettings]):
    """Built by the initializer and never changed after; safe for many threads."""

    def __init__(
        self,
        settings: AnySettings,
        *,
        client: ResourceDirectoryClient,
        ledger: Ledger,
        logger: Logger,
        monotonic: Callable[[], float],
    ) -> None:
        self.settings = settings
        self.client = client
        self.ledger = ledger
        self.service = VerificationService(client, ledger)
        self.logger = logger
        self.monotonic = monotonic
        self._invocations = itertools.count()

    def logger_for(self, context: Context, *, hiding: Sequence[str]) -> Logger:
        """Return the logger of a new invocation, which shows no part of its credentials."""
        cold_start = next(self._invocations) == 0
        return self.logger.bind(hiding, **invocation_fields(context), cold_start=cold_start)

    def deadline(self, context: Context) -> float:
        """Return the reading of `monotonic` by which an invocation that starts now must have its last answer."""
        return self.monotonic() + max(timeout_seconds(context) - REPLY_SECONDS, 0)


def start(
    settings: AnySettings,
    *,
    now: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    uniform: Callable[[float, float], float] = random.uniform,
    nonce: Callable[[], str] = lambda: os.urandom(16).hex(),
) -> Components[AnySettings]:
    """Return the runtime that `settings` ask for; its log lines go to stdout. `now` is the clock, in Unix seconds."""
    client = ResourceDirectoryClient(
        settings.resource_directory_endpoint,
        session=new_session(lambda: (now(), monotonic())),
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        retries=Retries(settings.max_attempts, monotonic, sleep, uniform),
        now=now,
        nonce=nonce,
    )
    hash_key = settings.cooldown_hash_key or os.urandom(32).hex()
    ledger = Ledger(_store(settings.cooldown_store_url, now), hash_key=hash_key.encode(), now=now, token=nonce)
    secrets = (settings.cooldown_store_url, settings.cooldown_hash_key)
    return Components(
        settings,
        client=client,
        ledger=ledger,
        logger=Logger("phone-verification", settings.log_level, _write_line, now).bind(secrets),
        monotonic=monotonic,
    )


def _write_line(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


def _store(url: str, now: Callable[[], float]) -> Store:
    # Each is imported only where it is used: the Redis client is half of all there is to import.
    if url:
        from cooldown.redis_store import RedisStore

        return RedisStore(url)
    from cooldown.memory import MemoryStore

    return MemoryStore(now)
