"""One run of a schedule, from the first arrival until all has settled, and what is found wrong with it."""

from collections.abc import Sequence
from typing import NamedTuple

from tests.simulation.api import Api
from tests.simulation.callers import Callers
from tests.simulation.checks import Run, findings_of
from tests.simulation.platform import Platform
from tests.simulation.schedule import CONTACTS, DAY, Arrival, Deviation, Explorer, Fault, Replay, Scenario
from tests.simulation.world import World

REQUESTS = [{"ContactId": f"c-contact{n}", "PhoneNumber": f"86-139000000{n:02}"} for n in range(CONTACTS)]
NUMBERS = {request["ContactId"]: request["PhoneNumber"] for request in REQUESTS}
ADDRESSES = {f"{contact_id}@": f"mail{n}@example.com" for n, contact_id in enumerate(NUMBERS)}

WORLD_FAULTS: Sequence[Fault] = (
    ("the store is emptied", (0.0,)),
    ("the store fails over", (0.0015, 0.05, 2.0, 20.0)),
    ("a clock is set", (-3600.0, -30.0)),
)


class Outcome(NamedTuple):
    """What a run came to: what is wrong, the deviations that it took, its trace, and how much happened in it."""

    findings: tuple[str, ...]
    deviations: tuple[Deviation, ...]
    trace: tuple[str, ...]
    steps: int
    invocations: int
    texts: int


class Quiet:
    """Deviations that end with the time of faults."""

    def __init__(self, deviations: Explorer | Replay, world: World, ends: float) -> None:
        self._deviations = deviations
        self._world = world
        self._ends = ends

    def choose(self, owner: str, number: int, faults: Sequence[Fault]) -> Deviation | None:
        """Return what goes wrong at a point, if anything."""
        return self._deviations.choose(owner, number, faults) if self._world.now < self._ends else None


def run(scenario: Scenario, deviations: Explorer | Replay, *, traced: bool = False) -> Outcome:
    """Run a schedule."""
    world = World(scenario.starts, traced=traced)
    faults_end = scenario.starts + scenario.faults_end
    quiet = Quiet(deviations, world, faults_end)
    addresses = dict(list(ADDRESSES.items())[: scenario.addresses])
    targets = {**NUMBERS, **addresses}
    api = Api(world, targets, mails_per_day=scenario.mails_per_day, seconds_of_mail=scenario.seconds_of_mail)
    platform = Platform(world, scenario, quiet, api)
    callers = Callers(platform, REQUESTS)
    for arrival in scenario.arrivals:
        world.at(scenario.starts + arrival.after, callers.arrive, arrival)
    for number, after in enumerate(scenario.world_events):
        world.at(scenario.starts + after, _happen, platform, quiet, number)
    settled = faults_end + max(scenario.windows.values()) + scenario.time_limit
    world.at(settled, platform.set_clocks_right)
    world.at(settled, callers.send_back_dead_letters)
    world.at(settled + DAY, callers.arrive, Arrival("last tick", 0, "tick", ()))
    # Three lost answers in a row count as texts: then the sweep waits for thirty days.
    world.at(settled + 33 * DAY, callers.arrive_if_untexted, Arrival("very last tick", 0, "tick", ()), api)
    ends = settled + 35 * DAY
    world.at(ends, callers.arrive, Arrival("last batch", 0, "batch", tuple(range(CONTACTS))))
    if scenario.sends_per_day:
        world.at(ends + 2 * DAY, callers.arrive, Arrival("last http", 0, "http", (0,)))
    world.run()
    findings = findings_of(Run(scenario, api.texts, platform.invocations, callers.acknowledged, platform.server.losses))
    taken = tuple(deviations.taken) if isinstance(deviations, Explorer) else ()
    return Outcome(tuple(findings), taken, tuple(world.trace), world.steps, len(platform.invocations), len(api.texts))


def replay(scenario: Scenario, deviations: Sequence[Deviation], *, traced: bool = False) -> Outcome:
    """Run a scenario with these deviations."""
    return run(scenario, Replay(deviations), traced=traced)._replace(deviations=tuple(deviations))


def _happen(platform: Platform, deviations: Quiet, number: int) -> None:
    deviation = deviations.choose("world", number, WORLD_FAULTS)
    if deviation is None:
        return
    platform.world.note("world", f"{deviation.fault} {deviation.value:g}")
    if deviation.fault == "the store is emptied":
        platform.server.empty()
    elif deviation.fault == "the store fails over":
        platform.fail_over(deviation.value)
    elif platform.instances:
        platform.instances[0].clock_ahead += deviation.value
