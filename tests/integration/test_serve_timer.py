"""When the timer fires, and that it does."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from queue import SimpleQueue

import pytest

from local.instances.instance import CODE_PATH
from local.serve.declared import TEMPLATE, read_declared
from local.serve.schedule import parse_schedule
from local.serve.timer import Timer
from tests.clouds import RESEND, serving, write_both
from tests.probes import eventually

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=timezone.utc)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("30 * * * * *", "2026-11-23T12:00:30"),
        ("0 0/20 8-18 * * MON-FRI", "2026-11-23T12:20:00"),
        ("0 0 9 ? * 7", "2026-11-29T09:00:00"),
        ("0 0 0 1 JAN ?", "2027-01-01T00:00:00"),
        ("CRON_TZ=Asia/Shanghai 0 30 9 * * *", "2026-11-24T01:30:00"),
        ("CRON_TZ=America/New_York 0 0 9 * * *", "2026-11-23T14:00:00"),
        ("@every 5m", "2026-11-23T12:05:00"),
        ("@every 90m", "2026-11-23T13:30:00"),
    ],
)
def test_an_expression_fires_next_as_it_says(text: str, fires: str) -> None:
    assert parse_schedule(text).next_after(NOON) == utc(fires)


def test_a_time_zones_summer_is_followed() -> None:
    nine = parse_schedule("CRON_TZ=Europe/Berlin 0 0 9 * * *")
    assert nine.next_after(utc("2027-03-27T12:00:00")) == utc("2027-03-28T07:00:00")
    assert nine.next_after(utc("2027-03-26T12:00:00")) == utc("2027-03-27T08:00:00")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "six fields"),
        ("0 0 * * *", "six fields"),
        ("60 0 0 * * *", "six fields"),
        ("R R R * * *", "six fields"),
        ("0 0 0 L * *", "six fields"),
        ("@every 0m", "six fields"),
        ("@every 5s", "six fields"),
        ("0 0 0 31 2 *", "no day"),
        ("CRON_TZ=Europe/Atlantis 0 0 9 * * *", "Europe/Atlantis"),
        ("CRON_TZ=../etc 0 0 9 * * *", "../etc"),
    ],
)
def test_what_is_no_schedule_is_said_to_be_none(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"it is neither|there is no") as refused:
        parse_schedule(text)
    assert says in str(refused.value)


def test_the_timer_fires_as_the_template_has_it_by_default() -> None:
    timer = read_declared(TEMPLATE, CODE_PATH).timer
    assert (timer.function, timer.name, timer.payload) == (RESEND, "timer", "")
    assert timer.schedule.next_after(NOON) == utc("2026-11-24T01:00:00")


def clock(*moments: datetime) -> Iterator[datetime]:
    """Yield moments one by one, and then the last again and again."""
    yield from moments
    while True:
        yield moments[-1]


def test_when_its_time_has_come_it_fires_once_and_waits_for_the_next() -> None:
    fired: SimpleQueue[datetime] = SimpleQueue()
    due = NOON + timedelta(minutes=5)
    moments = clock(NOON, due)
    with Timer(parse_schedule("@every 5m"), fired.put, now=lambda: next(moments)) as timer:
        assert fired.get(timeout=10) == due
        assert eventually(lambda: timer.next_run == due + timedelta(minutes=5))
    assert fired.empty()


def test_times_that_were_slept_through_are_not_made_up_for() -> None:
    fired: SimpleQueue[datetime] = SimpleQueue()
    woken = NOON + timedelta(hours=8)
    moments = clock(NOON, woken)
    with Timer(parse_schedule("0 0 * * * *"), fired.put, now=lambda: next(moments)) as timer:
        assert fired.get(timeout=10) == NOON + timedelta(hours=1)
        assert timer.next_run == woken + timedelta(hours=1)
    assert fired.empty()


def test_it_ends_while_it_waits() -> None:
    fired: list[datetime] = []
    with Timer(parse_schedule("@every 9999m"), fired.append):
        pass
    assert fired == []


def test_what_is_served_fires_function_2_by_its_schedule(tmp_path: Path) -> None:
    write_both(tmp_path, 'print("fired", json.loads(event)["triggerName"])')
    with serving(tmp_path, schedule="* * * * * *") as cloud:
        assert eventually(lambda: "fired timer" in cloud.lines)
        assert not [line for line in cloud.see("logs")["Lines"] if line["Function"] != RESEND]
