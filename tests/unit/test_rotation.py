"""The rotation of the sweep: how long a target waits for its turn, if it is all that decides."""

from bisect import bisect_left
from datetime import datetime, timedelta, timezone

import pytest

from phone_verification.sweep.rotation import place_of, start_of

A_RUN = 20


def longest_wait(directory: int, pending: int, runs: int, every: timedelta, a_run: int = A_RUN) -> int:
    """Return how many runs a target of a directory waited for its turn at most, if none is ever verified."""
    places = sorted(place_of(f"c-{directory}-{number}", f"86-139{number:08}") for number in range(pending))
    due = datetime(2026, 11, 26, 2, tzinfo=timezone.utc)
    longest, last = 0, [0] * pending
    for run in range(1, runs + 1):
        first = bisect_left(places, start_of(due))
        for turn in range(first, first + a_run):
            longest = max(longest, run - last[turn % pending])
            last[turn % pending] = run
        due += every
    return max(longest, runs - min(last))


@pytest.mark.parametrize(("pending", "waits"), [(40, (5, 9)), (100, (9, 16)), (1000, (161, 195))])
def test_the_longest_wait_of_a_daily_run_is_as_documented(pending: int, waits: tuple[int, int]) -> None:
    measured = [longest_wait(directory, pending, 1500, timedelta(days=1)) for directory in range(20)]
    assert (min(measured), max(measured)) == waits


@pytest.mark.parametrize("minutes", [10, 15, 60, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 7 * 24 * 60])
@pytest.mark.parametrize(("a_run", "times"), [(20, 7), (5, 14)])
def test_at_any_pace_no_wait_is_longer_than_documented(a_run: int, times: int, minutes: int) -> None:
    """A perfect order takes ten runs until every target had its turn."""
    for directory in range(10):
        assert longest_wait(directory, 10 * a_run, 500, timedelta(minutes=minutes), a_run) <= times * 10
