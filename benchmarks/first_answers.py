"""How long the first answer of a new instance takes, by its vCPU, and what a month of such instances costs.

Prices: the vendor's page "Pay-as-you-go" of Function Compute, read in November 2026
(https://www.alibabacloud.com/help/en/functioncompute/product-overview/pay-as-you-go-billing-method).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.building import OURS, SDK, Contender, Entrant, Tls
from benchmarks.cpu_quota import cpu_quota
from benchmarks.measuring import run

MEMORY_MB: Mapping[float, int] = {0.05: 128, 0.1: 128, 0.25: 256, 0.5: 512, 1: 1024}
"""The least memory that the platform sells with so many vCPU: 1 vCPU for at most 1 GB."""

RUNTIME = "python3.12"
CONTENDERS = (OURS, SDK)

USD_PER_CU = 0.00002
CU_PER_INVOCATION = 75 / 10_000
CU_PER_VCPU_SECOND = 1.0
CU_PER_GB_SECOND = 0.15
CU_PER_GB_SECOND_OF_DISK = 0.05
DISK_GB = 0.5
DAYS = 30

Seconds = Mapping[tuple[float, str], Sequence[float]]
"""Of each round, by vCPU and contender: from when the process is asked for to its first reply."""


@dataclass(frozen=True, slots=True)
class Month:
    """What is invoked in a month: a new instance each time, and how long it waits for the API."""

    title: str
    invocations: int
    waiting_seconds: float


MONTHS = (
    Month("100 texts a day", 100 * DAYS, 0.3),
    Month("a sweep a day", DAYS, 0.3),
    Month("a sweep every ten minutes", 6 * 24 * DAYS, 0.3),
)


def measure_first_answers(
    entrants: Sequence[Entrant],
    endpoint: str,
    tls: Tls,
    rounds: int,
    told: Callable[[str], object],
    sizes: Sequence[float] = tuple(MEMORY_MB),
) -> Seconds:
    """Return how long first answers take, with each of these sizes.

    Raises:
        NoQuota: the machine does not allow it.

    """
    racers = [each for each in entrants if each.target.runtime == RUNTIME and each.contender in CONTENDERS]
    seconds: dict[tuple[float, str], list[float]] = {}
    for number in range(1, rounds + 1):
        told(f"first answers: round {number} of {rounds}")
        for vcpu in sizes:
            for entrant in racers:
                with cpu_quota(vcpu) as enter:
                    figures = run(entrant, endpoint, tls, enter=enter, what="cold")
                seconds.setdefault((vcpu, entrant.contender.name), []).append(figures["wall"])
    return seconds


def usd_a_month(month: Month, vcpu: float, first_answer: float) -> float:
    """Return what the invocations of a month cost, each by an instance that is new."""
    seconds = month.invocations * (first_answer + month.waiting_seconds)
    each_second = CU_PER_VCPU_SECOND * vcpu + CU_PER_GB_SECOND * MEMORY_MB[vcpu] / 1024
    each_second += CU_PER_GB_SECOND_OF_DISK * DISK_GB
    return USD_PER_CU * (CU_PER_INVOCATION * month.invocations + each_second * seconds)


def first_answer_table(seconds: Seconds) -> Iterator[str]:
    """Yield a table of first answers and of what they cost."""
    titles = [f"{month.title}, USD" for month in MONTHS]
    yield f"| vCPU | memory | ours | SDK | {' | '.join(titles)} |"
    yield f"|{'---|' * (4 + len(MONTHS))}"
    for vcpu in sorted({vcpu for vcpu, _ in seconds}):
        ours, sdk = (_middle(seconds, vcpu, contender) for contender in CONTENDERS)
        costs = [f"{usd_a_month(month, vcpu, ours):.4f}" for month in MONTHS]
        yield f"| {vcpu:g} | {MEMORY_MB[vcpu]} MB | {ours:.2f} s | {sdk:.2f} s | {' | '.join(costs)} |"


def _middle(seconds: Seconds, vcpu: float, contender: Contender) -> float:
    return median(seconds[vcpu, contender.name])
