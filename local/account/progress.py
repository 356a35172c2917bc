"""Follows an operation on a stack: its events as they come, a bar over the resources, and at the end what failed."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from local.account import AccountError
from local.account.service_errors import NoAnswer, Refused
from local.account.stacks import TIMEOUT_MINUTES, Event, Stack, Stacks

_PATIENCE_SECONDS = (TIMEOUT_MINUTES + 10) * 60
"""Longer than the service takes: it rolls back after its own time."""

_LOOKS_THAT_MAY_FAIL = 20

_HINTS = (
    (
        ("does not exist", "ProjectNotExist"),
        "A log project takes a minute until functions may write to it. Run make deploy again.",
    ),
    (
        ("NoPermission", "Forbidden", "not authorized", "AccessDenied", "PassRole"),
        "The credentials lack a permission: docs/deploy.md has the policy that they need.",
    ),
    (
        ("quota", "Quota", "exceed", "LimitExceeded"),
        "A quota is used up: raise it in the Quota Center, or lower the parameter.",
    ),
    (
        ("AlreadyExist", "already exist", "EntityAlreadyExists", "Conflict"),
        "Something has that name already: take another with PARAMETERS='NamePrefix=…', or delete it.",
    ),
    (
        (
            "not allowed to be updated",
            "not support update",
            "can not be updated",
            "cannot be updated",
            "UpdateNotAllowed",
        ),
        "That cannot be changed in place: REPLACE=1 lets the service delete it and make it anew.",
    ),
    (("runtime", "Runtime"), "The region may not offer that runtime: try RUNTIME=python3.10."),
    (
        ("NotOpen", "not activated", "ServiceNotEnabled", "not open", "NotActivated"),
        "Activate that service in the console first.",
    ),
)


@dataclass
class Follower:
    """Follows operations on one stack; `total` resources are expected to change."""

    stacks: Stacks
    show: Callable[[str], None]
    total: int = 0
    seconds_between_looks: float = 3
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    shown: list[Event] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def skip_the_past(self, stack_id: str) -> None:
        """Take what happened so far as known."""
        self._seen.update(event.event_id for event in self.stacks.events(stack_id))

    def follow(self, stack_id: str) -> Stack:
        """Show events until the operation is over, and return the stack.

        Raises:
            AccountError: it did not end in time, or the service cannot be reached for long.

        """
        give_up_at, failures = self.monotonic() + _PATIENCE_SECONDS, 0
        bar = click.progressbar(
            length=max(self.total, 1), label="Resources", file=sys.stderr, hidden=not sys.stderr.isatty()
        )
        with bar:
            while True:
                try:
                    state = self.stacks.get(stack_id)
                    # After the state: so that of an operation that is over, no event is missed.
                    for event in self._new_events(stack_id):
                        self._show(event)
                        bar.update(
                            int(event.status.endswith("_COMPLETE") and event.resource_type != "ALIYUN::ROS::Stack")
                        )
                    failures = 0
                    if not state.in_progress:
                        return state
                except (NoAnswer, Refused) as error:
                    failures += 1
                    if failures > _LOOKS_THAT_MAY_FAIL or (isinstance(error, Refused) and error.status < 500):
                        raise
                if self.monotonic() > give_up_at:
                    raise AccountError("The stack is still at work. The console shows its events.")
                self.sleep(self.seconds_between_looks)

    def failures(self) -> list[str]:
        """Return which resources failed, why, and what to do about it."""
        lines: list[str] = []
        for event in self.shown:
            if event.status.endswith("_FAILED") and event.reason:
                line = f"  {event.resource} ({event.resource_type}): {event.reason}"
                lines += [each for each in (line, *_hints(event.reason)) if each not in lines]
        return lines

    def _new_events(self, stack_id: str) -> list[Event]:
        new = []
        for event in self.stacks.events(stack_id):
            if event.event_id in self._seen:
                break
            new.append(event)
        self._seen.update(event.event_id for event in new)
        return list(reversed(new))

    def _show(self, event: Event) -> None:
        self.shown.append(event)
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", err=True, nl=False)  # the bar is drawn again below
        reason = f": {event.reason}" if event.reason and event.status.endswith("_FAILED") else ""
        self.show(f"  {event.time}  {event.status:24} {event.resource}{reason}")


def _hints(reason: str) -> list[str]:
    return [f"    {hint}" for marks, hint in _HINTS if any(mark in reason for mark in marks)][:1]
