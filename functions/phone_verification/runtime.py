"""What an instance of a function keeps between invocations: settings, the service with its connections, the logger."""

import itertools
import random
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Generic

from cooldown.ledger import Ledger
from cooldown.store import Store
from fcapi.context import Context, timeout_seconds
from fcapi.credentials import secrets_in_reach
from fcapi.logger import Logger, invocation_fields
from phone_verification.service import VerificationService
from phone_verification.settings import AnySettings
from resource_directory.client import ResourceDirectoryClient
from resource_directory.retries import Retries
from resource_directory.transport import new_session

_print_line = partial(print, end="", flush=True)

REPLY_SECONDS = 1.0
"""What is left of the function's time for logging and answering."""


class Runtime(Generic[AnySettings]):
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

    def logger_for(self, context: Context, environ: Mapping[str, str]) -> Logger:
        """Return the logger of a new invocation; it hides the invocation's credentials."""
        fields = invocation_fields(context)
        cold_start = next(self._invocations) == 0
        return self.logger.bind(**fields, cold_start=cold_start).hiding(secrets_in_reach(context, environ))

    def deadline(self, context: Context) -> float:
        """Return the reading of `monotonic` by which an invocation that starts now must have its last answer."""
        return self.monotonic() + max(timeout_seconds(context) - REPLY_SECONDS, 0)


def start(
    settings: AnySettings,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    uniform: Callable[[float, float], float] = random.uniform,
    nonce: Callable[[], str] = lambda: secrets.token_hex(16),
) -> Runtime[AnySettings]:
    """Return the runtime that `settings` ask for; its log lines go to stdout."""
    client = ResourceDirectoryClient(
        settings.resource_directory_endpoint,
        session=new_session(lambda: (now().timestamp(), monotonic())),
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        retries=Retries(settings.max_attempts, monotonic, sleep, uniform),
        now=now,
        nonce=nonce,
    )
    hash_key = settings.cooldown_hash_key or secrets.token_hex(32)
    ledger = Ledger(_store(settings.cooldown_store_url, now), hash_key=hash_key.encode(), now=now, token=nonce)
    hidden = (settings.cooldown_store_url, settings.cooldown_hash_key)
    return Runtime(
        settings,
        client=client,
        ledger=ledger,
        logger=Logger("phone-verification", settings.log_level, _print_line, now).hiding(tuple(filter(None, hidden))),
        monotonic=monotonic,
    )


def _store(url: str, now: Callable[[], datetime]) -> Store:
    # Each is imported only where it is used: the Redis client is half of all there is to import.
    if url:
        from cooldown.redis_store import RedisStore

        return RedisStore(url)
    from cooldown.memory import MemoryStore

    return MemoryStore(now)
