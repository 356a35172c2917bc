"""What an instance of a function keeps between invocations: settings, the service with its connections, the logger."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial

from cooldown import NoCooldown
from fcapi.context import Context, timeout_seconds
from fcapi.credentials import secrets_in_reach
from fcapi.logger import Logger, invocation_fields
from phone_verification.service import VerificationService
from phone_verification.settings import SendSettings
from resource_directory.client import ResourceDirectoryClient
from resource_directory.transport import new_session

_print_line = partial(print, end="", flush=True)

REPLY_SECONDS = 1.0
"""What is left of the function's time for logging and answering."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Built by the initializer and never changed after; safe for many threads."""

    service: VerificationService
    logger: Logger
    monotonic: Callable[[], float]
    attempt_seconds: float
    _invocations: Iterator[int] = field(default_factory=itertools.count)

    def logger_for(self, context: Context, environ: Mapping[str, str]) -> Logger:
        """Return the logger of a new invocation; it hides the invocation's credentials."""
        fields = invocation_fields(context)
        cold_start = next(self._invocations) == 0
        return self.logger.bind(**fields, cold_start=cold_start).hiding(secrets_in_reach(context, environ))

    def deadline(self, context: Context) -> float:
        """Return the reading of `monotonic` by which an invocation that starts now must have its last answer."""
        return self.monotonic() + max(timeout_seconds(context) - REPLY_SECONDS, 0)


def start(
    environ: Mapping[str, str],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    monotonic: Callable[[], float] = time.monotonic,
    nonce: Callable[[], str] = lambda: secrets.token_hex(16),
) -> Runtime:
    """Return the runtime that `environ` asks for; its log lines go to stdout.

    Raises:
        InvalidSetting: a variable has a bad value.

    """
    settings = SendSettings.from_environ(environ)
    client = ResourceDirectoryClient(
        settings.resource_directory_endpoint,
        session=new_session(),
        connect_timeout=settings.connect_timeout_seconds,
        read_timeout=settings.read_timeout_seconds,
        now=now,
        nonce=nonce,
        monotonic=monotonic,
    )
    return Runtime(
        service=VerificationService(client, NoCooldown()),
        logger=Logger("phone-verification", settings.log_level, _print_line, now),
        monotonic=monotonic,
        attempt_seconds=client.attempt_seconds,
    )
