"""One invocation of a function, as the platform and the checks see it."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tests.simulation.schedule import Arrival, Deviation, Deviations, Fault
from tests.simulation.world import Process, World

PROCESS_FAULTS: Sequence[Fault] = (
    ("killed before", (0.0,)),
    ("killed after", (0.0,)),
    ("frozen", (1.5, 8.0, 40.0, 200.0)),
)


class Seen(NamedTuple):
    """An outcome that the function logged: when it last read the store for it, and when it logged it.

    `is_warned` says whether it warned, and `seconds` how long it says that it took.
    """

    outcome: str
    code: str | None
    recipient: str
    read_at: float
    at: float
    is_warned: bool
    seconds: float


class Invocation:
    """One invocation, from its start to its end, or to its process's.

    Attributes:
        name: identifies it in schedules and traces.
        arrival: what it was invoked with.
        recipients: those that this is about.
        store_id: identifies the store that it uses.
        store_ahead: how far the store's clock is ahead, in seconds.
        started, ended: when; it has not ended while `ended` is None.
        killed: the platform ended its process.
        store_failed: something that it wrote to its store may have stayed there, or been lost, without its knowledge.
        store_delay: how late its store did what it asked for, in seconds.
        frozen: seconds for which its process stood still.
        maybe_texted: recipients for which a request left, and was not surely refused.
        blocked_for: the Retry-After that its caller was told since the number is blocked.
        read_at: when it last read the store.
        seen: its outcomes.
        counts: of a sweep, its last line.
        is_done: it ended with a result, or a reply.
        bugs: its log lines of internal errors.

    """

    def __init__(
        self,
        name: str,
        arrival: Arrival,
        recipients: Sequence[str],
        *,
        world: World,
        deviations: Deviations,
        freeze: Callable[[float], object],
    ) -> None:
        self.name = name
        self.arrival = arrival
        self.recipients = recipients
        self.store_id: object = None
        self.store_ahead = 0.0
        self.started = world.now
        self.ended: float | None = None
        self.killed = False
        self.store_failed = False
        self.store_delay = 0.0
        self.blocked_for: int | None = None
        self.frozen = 0.0
        self.maybe_texted: set[str] = set()
        self.read_at = world.now
        self.seen: list[Seen] = []
        self.counts: dict[str, Any] = {}
        self.is_done = False
        self.bugs: list[str] = []
        self.process: Process | None = None
        self._world = world
        self._deviations = deviations
        self._freeze = freeze
        self._steps = 0

    def wait(self, seconds: float) -> None:
        """Let time pass for it."""
        assert self.process is not None
        self.process.wait(seconds)

    def choose(self, what: str, faults: Sequence[Fault]) -> Deviation | None:
        """Return what goes wrong at this step; a fault of its process happens at once."""
        assert self.process is not None
        if self.process.is_killed:
            self.process.end_itself()
        self._steps += 1
        deviation = self._deviations.choose(self.name, self._steps, (*faults, *PROCESS_FAULTS))
        self._world.note(self.name, f"{what}{f': {deviation.fault} {deviation.value:g}' if deviation else ''}")
        if deviation is None:
            return None
        if deviation.fault == "killed before":
            self.process.end_itself()
        if deviation.fault == "frozen":
            self._freeze(deviation.value)
            self.frozen += deviation.value
            self.wait(deviation.value)
            return None
        return deviation

    def may_be_killed_after(self, deviation: Deviation | None) -> None:
        """End its process if that is what goes wrong."""
        if deviation is not None and deviation.fault == "killed after":
            assert self.process is not None
            self.process.end_itself()

    def log(self, line: str) -> None:
        """Take a line of the function's log."""
        fields = json.loads(line)
        if fields["message"] == "internal error":
            self.bugs.append(line)
        elif fields["message"] in ("phone verification", "email verification"):
            moments = self.read_at, self._world.now
            warned = "warning" in fields
            recipient = fields["contact_id"] + ("@" if "email_address" in fields else "")
            seconds = fields["duration_ms"] / 1000
            self.seen.append(Seen(fields["outcome"], fields.get("code"), recipient, *moments, warned, seconds))
        elif fields["message"] == "sweep finished":
            self.counts = fields
        text = fields.get("code") or ""
        self._world.note(self.name, f"log: {fields['message']} {fields.get('outcome', '')} {text}".rstrip())
        if "warning" in fields:
            self._world.note(self.name, f"log: {fields['warning']}")


class End(NamedTuple):
    """How an invocation ended: with a result, an error, or neither, when its process was killed."""

    result: Any = None
    error: Exception | None = None
    killed: bool = False
