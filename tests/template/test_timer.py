"""Function 2 runs once a day; every ten minutes only with a store, which knows who was texted."""

import re

from local.serve.schedule import parse_schedule
from tests.template.our_template import OurTemplate, Place

TEN_MINUTES = "0 */10 * * * *"
STORE = "rediss://store.example.com:6379/0"
NOT_ONCE_A_DAY = ["0 */10 * * * *", "0 0 * * * *", "0 0 1,13 * * *", "0 0 1 * * 1", "@every 10m", "0 0 25 * * *"]
ONCE_A_DAY = ["0 0 1 * * *", "0 30 23 * * *", "CRON_TZ=Asia/Shanghai 0 30 9 * * *"]


def cron_expressions(template: OurTemplate, **parameters: object) -> list[tuple[Place, object]]:
    """Return place and value of each timer's cron expression, for given parameters."""
    evaluation = template.with_values(**parameters)
    places = [trigger.at("TriggerConfig", "cronExpression") for trigger in template.triggers("timer")]
    return [(place, evaluation.value(place.value)) for place in places]


def test_the_timer_fires_as_its_parameter_says(template: OurTemplate) -> None:
    for place, found in cron_expressions(template, TimerSchedule="0 30 9 * * *"):
        assert found == "0 30 9 * * *", place.expected("the parameter TimerSchedule")


def test_the_timer_fires_every_ten_minutes_where_that_is_wanted_and_a_store_is_there(template: OurTemplate) -> None:
    for place, found in cron_expressions(template, SweepEveryTenMinutes=True, CooldownStoreUrl=STORE):
        assert found == TEN_MINUTES, place.expected(TEN_MINUTES)


def test_the_timer_fires_once_a_day_without_a_store(template: OurTemplate) -> None:
    """Each run would be an instance without memory, and text the same numbers again."""
    default = template.at("Parameters", "TimerSchedule", "Default").value
    for place, found in cron_expressions(template, SweepEveryTenMinutes=True):
        assert found == default, place.expected("the daily schedule where no store is given")


def test_a_schedule_of_ones_own_is_once_a_day(template: OurTemplate) -> None:
    place = template.at("Parameters", "TimerSchedule", "AllowedPattern")
    try:
        pattern = re.compile(str(place.value))
    except re.error:
        pattern = re.compile("(?!)")
    for schedule in ONCE_A_DAY:
        parse_schedule(schedule)
        assert pattern.search(schedule), place.expected(f"to allow {schedule}")
    for schedule in NOT_ONCE_A_DAY:
        assert not pattern.search(schedule), place.expected(f"to refuse {schedule}, which is not once a day")
