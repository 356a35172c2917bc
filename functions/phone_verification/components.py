"""`Components`: the parts that an instance keeps between invocations. `start` builds them."""

import itertools
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Generic

from requests.adapters import BaseAdapter

from cooldown.address import StoreAddress
from cooldown.budget import DailyBudget
from cooldown.ledger import Ledger
from cooldown.names import Names
from cooldown.store import Store
from fcapi.context import Context, timeout_seconds
from fcapi.deadline import Deadline
from fcapi.logger import Logger, invocation_fields
from phone_verification.log_fields import LogFields
from phone_verification.service import VerificationService
from phone_verification.settings import AnySettings
from resource_directory.client import ResourceDirectoryClient
from resource_directory.retries import Retries
from resource_directory.transport import new_adapter


class Components(Generic[AnySettings]):
    """Built by the initializer and never changed after; safe for many threads."""

    def __init__(
        self,
        settings: AnySettings,
        *,
        client: ResourceDirectoryClient,
        ledger: Ledger,
        budget: DailyBudget,
        logger: Logger,
        monotonic: Callable[[], float],
    ) -> None:
        self.settings = settings
        self.client = client
        self.ledger = ledger
        self.service = VerificationService(client, ledger, budget)
        self.monotonic = monotonic
        self._logger = logger
        self._invocations = itertools.count()

    def log_settings(self) -> None:
        """Write each setting to the log, at DEBUG."""
        if self._logger.shows("DEBUG"):
            for name, value in self.settings.loggable():
                self._logger.log("DEBUG", "setting", **LogFields(setting=name, value=value))

    def logger_for(self, context: Context, *, hiding: Sequence[str]) -> Logger:
        """Return the logger of a new invocation, which shows no part of its credentials."""
        cold_start = next(self._invocations) == 0
        return self._logger.bind(hiding, **invocation_fields(context), cold_start=cold_start)

    def time_limit_of(self, context: Context) -> Deadline:
        """Return the moment at which the platform ends the process of an invocation that starts now."""
        return Deadline.after(timeout_seconds(context), self.monotonic)


def start(
    settings: AnySettings,
    *,
    adapter: BaseAdapter | None = None,
    store: Store | None = None,
    write: Callable[[str], object] | None = None,
    now: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    uniform: Callable[[float, float], float] = random.uniform,
    nonce: Callable[[], str] = lambda: os.urandom(16).hex(),
) -> Components[AnySettings]:
    """Return the components that `settings` ask for.

    Args:
        settings: of the function.
        adapter: sends the requests; by default over connections of its own.
        store: keeps the cooldown's records; by default the one that the settings name.
        write: gets each log line, newline included; by default stdout does.
        now: the clock, in Unix seconds.
        monotonic: a clock that never goes back, in seconds.
        sleep: waits so many seconds.
        uniform: returns a random number between two.
        nonce: returns a text that it never returned before.

    """
    client = ResourceDirectoryClient(
        settings.resource_directory_endpoint,
        adapter=new_adapter(lambda: (now(), monotonic())) if adapter is None else adapter,
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        retries=Retries(settings.max_attempts, sleep, uniform),
        now=now,
        nonce=nonce,
    )
    names = Names((settings.cooldown_hash_key or os.urandom(32).hex()).encode())
    address = settings.cooldown_store
    if store is None:
        store = _store_at(address, settings.cooldown_store_ca, now, monotonic)
    secrets = (settings.cooldown_store_url, address.password if address else "", settings.cooldown_hash_key)
    return Components(
        settings,
        client=client,
        ledger=Ledger(store, names, token=nonce),
        budget=DailyBudget(store, names),
        logger=Logger("phone-verification", settings.log_level, write_to_stdout if write is None else write, now).bind(
            secrets
        ),
        monotonic=monotonic,
    )


def write_to_stdout(line: str) -> None:
    """Write a log line to stdout, at once."""
    sys.stdout.write(line)
    sys.stdout.flush()


def _store_at(
    address: StoreAddress | None, authorities: str, now: Callable[[], float], monotonic: Callable[[], float]
) -> Store:
    # Each is imported only where it is used: the Redis client is half of all there is to import.
    if address is not None:
        from cooldown.redis_store import RedisStore

        return RedisStore(address, authorities or None)
    from cooldown.memory import MemoryStore

    return MemoryStore(now, monotonic)
