"""Makes a failing schedule as short as it can be, and shows it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from tests.simulation.run import Outcome, replay, run
from tests.simulation.schedule import Deviation, Explorer, Scenario, scenario_of

MAX_LINES = 200

T = TypeVar("T")


class Shrunk(NamedTuple):
    """A schedule of which nothing can be left out, and what its run comes to."""

    scenario: Scenario
    deviations: tuple[Deviation, ...]
    outcome: Outcome


def shrunk(seed: int) -> Shrunk:
    """Return what remains of a seed's schedule without all that its findings do not need."""
    scenario = scenario_of(seed)
    deviations = run(scenario, Explorer(seed)).deviations
    shorter = True
    while shorter:
        shorter = False
        for fewer in _each_without_one(deviations):
            if replay(scenario, fewer).findings:
                deviations, shorter = tuple(fewer), True
                break
        for arrivals in _each_without_one(scenario.arrivals):
            if arrivals and replay(scenario._replace(arrivals=tuple(arrivals)), deviations).findings:
                scenario, shorter = scenario._replace(arrivals=tuple(arrivals)), True
                break
    return Shrunk(scenario, deviations, replay(scenario, deviations, traced=True))


def described(schedule: Shrunk) -> Iterator[str]:
    """Return the lines that show a schedule: what is given, what goes wrong, each step, and what is found."""
    scenario = schedule.scenario
    windows = ", ".join(f"{kind} {seconds} s" for kind, seconds in scenario.windows.items())
    kept = "in a store" if scenario.shared else "in each instance's memory"
    yield f"Given: windows {windows}; time limit {scenario.time_limit} s; records {kept};"
    budget = scenario.sends_per_day or "no limit of"
    yield f"       {budget} texts a day over HTTP; {scenario.texts_per_number} a number;"
    mails = f"{scenario.mails_per_day} mails a day, {scenario.mails_per_address} an address"
    yield f"       Addresses {scenario.addresses}: {mails}, {scenario.seconds_of_mail:g} s each."
    for deviation in schedule.deviations:
        yield f"Goes wrong: {deviation.owner}, step {deviation.number}: {deviation.fault} {deviation.value:g}"
    yield from schedule.outcome.trace[:MAX_LINES]
    for finding in schedule.outcome.findings or ("nothing",):
        yield f"Found: {finding}"


def _each_without_one(items: Sequence[T]) -> Iterator[list[T]]:
    for index in range(len(items)):
        yield [*items[:index], *items[index + 1 :]]
