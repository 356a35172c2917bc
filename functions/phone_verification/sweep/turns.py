"""Whose turn it is: the channels of a run share its time, not its calls.

Each send is by the channel that has used the least time so far. So a channel whose calls are slow, or wait for a retry,
cannot keep the other from its work, and gets all of the time that the other does not need.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from phone_verification.sweep.listing import Pending
from phone_verification.sweep.report import ChannelReport


class Turn(NamedTuple):
    """One send: the channel that it is by, its target, and the number of channels that want the remaining time."""

    report: ChannelReport
    pending: Pending
    channels: int


class _Queue:
    def __init__(self, report: ChannelReport, chosen: Sequence[Pending]) -> None:
        self.report = report
        self.waiting = deque(chosen)
        self.seconds = 0.0
        self.turns = 0

    def wants_time(self) -> bool:
        return bool(self.waiting) and self.report.may_send


def turns(
    reports: Sequence[ChannelReport], chosen: Sequence[Sequence[Pending]], monotonic: Callable[[], float]
) -> Iterator[Turn]:
    """Yield each turn until no channel has a target left that it may send to; `chosen` has those of each.

    A turn lasts until the next one is asked for. While time stands still, channels take turns one by one.
    """
    queues = [_Queue(report, targets) for report, targets in zip(reports, chosen, strict=True)]
    while wanting := [queue for queue in queues if queue.wants_time()]:
        queue = min(wanting, key=lambda queue: (queue.seconds, queue.turns))
        started = monotonic()
        yield Turn(queue.report, queue.waiting.popleft(), len(wanting))
        queue.seconds += monotonic() - started
        queue.turns += 1
