"""The moment by which an invocation must be done."""

from fcapi.deadline import Deadline
from tests.handlers import Clock


def test_the_remaining_time_shrinks_and_goes_below_zero() -> None:
    clock = Clock(time=100)
    deadline = Deadline.after(10, clock.monotonic)
    assert deadline.remaining() == 10
    clock.time += 11
    assert deadline.remaining() == -1


def test_it_allows_exactly_as_much_as_remains() -> None:
    deadline = Deadline.after(10, Clock(time=100).monotonic)
    assert deadline.allows(10)
    assert not deadline.allows(10.001)


def test_half_of_it_is_half_of_the_remaining_time() -> None:
    clock = Clock(time=100)
    deadline = Deadline.after(10, clock.monotonic)
    clock.time += 4
    assert deadline.half().ends == 107


def test_a_moment_within_it_is_never_later() -> None:
    deadline = Deadline.after(10, Clock(time=100).monotonic)
    assert deadline.within(4).ends == 104
    assert deadline.within(11) == deadline
