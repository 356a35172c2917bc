"""The `context` that Function Compute passes to a handler, over the shapes of its Python runtimes.

Python 3.10 has `credentials` and `service` (with `version_id`) and gives `function.timeout` as it came in a header, so
perhaps as text. Python 3.12 has neither of the two; the version is in `function.version_id`.
Source: the vendor's page "Context" of Function Compute 3.0, and the runtime's published bootstrap code.
"""

from typing import Protocol

DEFAULT_TIMEOUT_SECONDS = 60.0
"""Function Compute's own default for a function's time limit."""


class FunctionMeta(Protocol):
    """The fields that both shapes have about the function."""

    @property
    def name(self) -> str:
        """The function's name."""

    @property
    def memory(self) -> int:
        """Its memory in MB."""

    @property
    def timeout(self) -> int | str:
        """Its time limit in seconds; use `timeout_seconds`."""


class Context(Protocol):
    """The fields that both shapes have. Functions of this module read those that only one has."""

    @property
    def request_id(self) -> str:
        """The invocation's id."""

    @property
    def function(self) -> FunctionMeta:
        """The function."""

    @property
    def region(self) -> str:
        """The region it runs in, `cn-hangzhou`."""

    @property
    def account_id(self) -> str:
        """The account it runs in."""


def timeout_seconds(context: Context) -> float:
    """Return the function's time limit in seconds, and Function Compute's default where the context has no number."""
    try:
        seconds = float(context.function.timeout)
    except (TypeError, ValueError):
        return DEFAULT_TIMEOUT_SECONDS
    return seconds if 0 < seconds <= 86_400 else DEFAULT_TIMEOUT_SECONDS


def function_version(context: Context) -> str | None:
    """Return the version that runs (`LATEST` or a number), where the context names it."""
    for holder in (context.function, getattr(context, "service", None)):
        version = getattr(holder, "version_id", None)
        if isinstance(version, str) and version:
            return version
    return None


def retry_count(context: Context) -> int | None:
    """Return how often the platform has retried this invocation, where the context says so."""
    count = getattr(context, "retry_count", None)
    if isinstance(count, int):
        return count
    return int(count) if isinstance(count, str) and count.isdecimal() and count.isascii() else None
