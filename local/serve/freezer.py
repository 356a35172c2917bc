"""Freezes instances between requests, as the platform does.

Source: the vendor's page "Instance-level events": after an invocation the instance is frozen: nothing goes on in it.
"""

from collections.abc import Callable
from threading import Lock

from local.instances.instance import Instance


class Freezer:
    """Stops the processes of instances that have nothing to do; one for all functions.

    Args:
        enabled: whether it does.
        when_all_are_frozen: called once the last running instance is frozen, before any can go on.

    """

    def __init__(self, *, enabled: bool, when_all_are_frozen: Callable[[], object] = lambda: None) -> None:
        self._enabled = enabled
        self._when_all_are_frozen = when_all_are_frozen
        self._running = 0
        self._lock = Lock()

    def starting(self) -> None:
        """Count an instance that is about to start."""
        with self._lock:
            self._running += 1

    def ended(self) -> None:
        """Count a running instance no longer."""
        with self._lock:
            self._running -= 1

    def freeze(self, instance: Instance) -> None:
        """Stop a running instance."""
        with self._lock:
            self._running -= 1
            if self._enabled:
                instance.freeze()
                if not self._running:
                    self._when_all_are_frozen()

    def thaw(self, instance: Instance) -> None:
        """Let a frozen instance go on."""
        with self._lock:
            self._running += 1
            if self._enabled:
                instance.thaw()
