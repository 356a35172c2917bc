"""A schedule: what arrives in a run, and where the run deviates from the default."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Literal, NamedTuple, Protocol

DAY = 24 * 60 * 60
MIDNIGHT = 1_793_635_200.0
"""A midnight of UTC+8, where the account's day is taken to begin."""

Kind = Literal["http", "async", "event", "batch", "tick"]
Fault = tuple[str, Sequence[float]]
"""What can go wrong at a point, and the values that it takes: seconds, mostly."""


class Deviation(NamedTuple):
    """One step that does not go by default: the point where it happens, by its owner and number, and what happens."""

    owner: str
    number: int
    fault: str
    value: float


class Arrival(NamedTuple):
    """What somebody sends, so many seconds after the start: a request, a batch of two, or a tick."""

    name: str
    after: float
    kind: Kind
    contacts: tuple[int, ...]


class Scenario(NamedTuple):
    """What is given in a run.

    Attributes:
        starts: the time at the start, in Unix seconds.
        shared: all instances share a store; else each has its own memory.
        windows: of the cooldown, in seconds, by kind.
        time_limit: of the functions, in seconds.
        sends_per_day: the budget of what comes over HTTP; 0 means none.
        texts_per_number: the most in 30 days that the sweep sends or adds to, and `mails_per_address` likewise.
        addresses: how many of the contacts have an e-mail address to verify.
        mails_per_day: the API's limit.
        arrivals: in the order of their time.
        world_events: when, after the start, something may happen to the store or to a clock.
        slow_mails: the API takes its time for each mail.

    """

    starts: float
    shared: bool
    windows: Mapping[Kind, int]
    time_limit: int
    sends_per_day: int
    texts_per_number: int
    mails_per_address: int
    addresses: int
    mails_per_day: int
    arrivals: tuple[Arrival, ...]
    world_events: tuple[float, ...]
    slow_mails: bool

    @property
    def seconds_of_mail(self) -> float:
        """How long the API takes for each mail: as long as two can be sent within the time limit."""
        return 9.0 if self.slow_mails and self.time_limit >= 30 else 0.0

    @property
    def faults_end(self) -> float:
        """When faults end, in seconds after the start: then everything must settle."""
        return max(arrival.after for arrival in self.arrivals) + 600


CONTACTS = 3


def scenario_of(seed: int) -> Scenario:
    """Return the scenario of a seed."""
    chance = Random(seed)  # noqa: S311 -- no secret; so in the whole simulation
    event_window = chance.choice((2, 60, 3600))
    spread = chance.choice((0.2, 5, 70, 300))
    arrivals = []
    for number in range(chance.randint(3, 7)):
        kind: Kind = chance.choice(("http", "http", "http", "async", "event", "event", "batch", "tick"))
        contacts = tuple(chance.sample(range(CONTACTS), 2)) if kind == "batch" else (chance.choice((0, 0, 1, 2)),)
        arrivals.append(Arrival(f"{kind}{number}", chance.uniform(0, spread), kind, contacts))
    arrivals.sort(key=lambda arrival: arrival.after)
    addresses = chance.choice((1, 1, 2))
    return Scenario(
        starts=MIDNIGHT + chance.choice((-0.5 * DAY, -spread / 2, -10)),
        shared=chance.random() < 0.9,
        windows={
            "http": chance.choice((0, 2, 60)),
            "async": event_window,
            "event": event_window,
            "batch": event_window,
            "tick": chance.choice((60, 3600, DAY)),
        },
        time_limit=chance.choice((10, 30, 60)),
        sends_per_day=chance.choice((0, 1, 2, 3)),
        texts_per_number=chance.choice((1, 2, 3)),
        mails_per_address=chance.choice((1, 2, 3)),
        addresses=addresses,
        mails_per_day=addresses + chance.choice((0, 1, 100)),
        arrivals=tuple(arrivals),
        world_events=tuple(sorted(chance.uniform(0, spread + 60) for _ in range(2))),
        slow_mails=chance.random() < 0.25,
    )


class Deviations(Protocol):
    """Where a run deviates."""

    def choose(self, owner: str, number: int, faults: Sequence[Fault]) -> Deviation | None:
        """Return what goes wrong at a point, if anything."""


class Explorer:
    """Deviates at random, by a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"deviations of {seed}")  # noqa: S311
        self._rate = self._chance.choice((0.01, 0.04, 0.1, 0.2))
        self.taken: list[Deviation] = []

    def choose(self, owner: str, number: int, faults: Sequence[Fault]) -> Deviation | None:
        """Return what goes wrong at a point, if anything."""
        if self._chance.random() >= self._rate:
            return None
        fault, values = self._chance.choice(faults)
        self.taken.append(Deviation(owner, number, fault, self._chance.choice(values)))
        return self.taken[-1]


class Replay:
    """Deviates as it is told."""

    def __init__(self, deviations: Sequence[Deviation]) -> None:
        self._planned = {(planned.owner, planned.number): planned for planned in deviations}

    def choose(self, owner: str, number: int, faults: Sequence[Fault]) -> Deviation | None:
        """Return what goes wrong at a point, if anything."""
        planned = self._planned.get((owner, number))
        # The step at this point may be another one since a deviation before it was left out.
        return planned if planned is not None and any(planned.fault == fault for fault, _ in faults) else None
