"""Function 2 when time is short: texts and mails share it, and neither, slow or throttled, takes that of the other."""

from typing import Any

import pytest

from local.emulator.server import Emulator
from tests.handlers import Clock
from tests.integration.test_sweep import SEND, add_contacts, inject, tick
from tests.integration.test_sweep_channels import MAIL, Recording, counts, sweeper
from tests.store_proxy import ALWAYS, StoreProxy, first, reading
from tests.stores import store_settings

ALL = (20, 20, 0, 0, 0, None)


def split(counted: tuple[Any, Any], slow: str) -> tuple[Any, Any]:
    """Return the counts of the slow channel, and those of the other one."""
    texts, mails = counted
    return (texts, mails) if slow == SEND else (mails, texts)


@pytest.mark.parametrize("slow", [SEND, MAIL])
def test_a_slow_channel_leaves_the_other_its_time(emulator: Emulator, slow: str) -> None:
    """At nine seconds each, six of the slow ones fit into a run; the other channel needs no time, and gets it."""
    add_contacts(emulator, 19)
    clock = Clock()
    api = Recording(clock, **{slow: 9})
    counted = counts(sweeper(emulator.url).kept(clock, adapter=api)(tick(clock)).result)
    assert split(counted, slow) == ((20, 6, 0, 0, 14, "Deadline"), ALL)
    assert len(api.texts) + len(api.mails) == 26


@pytest.mark.parametrize("throttled", [SEND, MAIL])
@pytest.mark.parametrize("seconds", [10, 40])
def test_a_wait_that_the_api_asks_for_leaves_the_other_channel_its_time(
    emulator: Emulator, throttled: str, seconds: int
) -> None:
    """Each call takes a second. A wait of 10 seconds fits into half of the time, and one of 40 would not."""
    add_contacts(emulator, 19)
    inject(emulator, Kind="throttle", Times=1, RetryAfterMs=seconds * 1000, Action=throttled)
    clock = Clock()
    function = sweeper(emulator.url, MAX_ATTEMPTS="3").kept(clock, adapter=Recording(clock, **{SEND: 1, MAIL: 1}))
    last = function(tick(clock)).lines[-1]
    slow, other = (last, last["emails"]) if throttled == SEND else (last["emails"], last)
    assert (other["sent"], other["left"], other.get("stopped_by")) == (20, 0, None)
    assert (slow["failed"], len(clock.slept)) == ((0, 1) if seconds == 10 else (1, 0))


def test_two_slow_channels_get_half_of_the_time_each(emulator: Emulator) -> None:
    """They use 48 and 60 of 120 seconds, and the rest is too short for an attempt."""
    add_contacts(emulator, 19)
    clock = Clock()
    api = Recording(clock, **{SEND: 3, MAIL: 12})
    sweeper(emulator.url).kept(clock, adapter=api)(tick(clock), timeout=121)
    assert (len(api.texts), len(api.mails)) == (16, 5)


def test_a_channel_gets_all_of_the_time_once_the_other_has_no_more_work(emulator: Emulator) -> None:
    """A wait of 45 seconds and an attempt fit into a whole run of 60, not into half of it."""
    inject(emulator, Kind="throttle", Times=1, RetryAfterMs=45_000, Action=MAIL)
    clock = Clock()
    counted = counts(sweeper(emulator.url, MAX_ATTEMPTS="3").kept(clock)(tick(clock)).result)
    assert counted == ((1, 1, 0, 0, 0, None), (1, 1, 0, 0, 0, None))
    assert clock.slept[0] >= 45


@pytest.mark.parametrize("store_seconds", [0, 0.4])
def test_no_send_gets_less_time_than_an_attempt_may_take(
    emulator: Emulator, proxy: StoreProxy, store_seconds: float
) -> None:
    """An answer that the function did not wait for would be a text of unknown outcome; a slow store changes nothing."""
    add_contacts(emulator, 9)
    clock = Clock()
    proxy.rule(reading, first(lambda: clock.sleep(store_seconds)), ALWAYS)
    api = Recording(clock, **{SEND: 7, MAIL: 7})
    sweeper(emulator.url, **store_settings(proxy)).kept(clock, adapter=api)(tick(clock))
    assert (len(api.texts), len(api.mails)) == ((4, 3) if store_seconds == 0 else (3, 3))
    assert api.timeouts == {(3, 10)}
