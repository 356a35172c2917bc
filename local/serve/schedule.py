"""When a timer fires, as Function Compute writes it.

Source: the vendor's page "Timer triggers": six fields from the second to the weekday, in UTC, or in the time zone of a
`CRON_TZ=…` before them; or `@every 5m`, in minutes.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter  # type: ignore[import-untyped]

_EVERY = re.compile(r"@every ([1-9][0-9]{0,4})m")
_CRON = re.compile(r"(?:CRON_TZ=(\S+) )?(\S+(?: \S+){5})")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule: `text` as it was written, and either an interval or a cron expression in a time zone."""

    text: str
    interval: timedelta | None = None
    cron: str = ""
    zone: tzinfo = timezone.utc

    def next_after(self, moment: datetime) -> datetime:
        """Return when it fires next after an aware `moment`, in UTC."""
        if self.interval:
            return moment.astimezone(timezone.utc) + self.interval
        fires: datetime = croniter(self.cron, moment.astimezone(self.zone), second_at_beginning=True).get_next(datetime)
        return fires.astimezone(timezone.utc)


def parse_schedule(text: str) -> Schedule:
    """Return the schedule that a text stands for.

    Raises:
        ValueError: none; the message says what there is.

    """
    if match := _EVERY.fullmatch(text):
        return Schedule(text, interval=timedelta(minutes=int(match[1])))
    match = _CRON.fullmatch(text)
    if match is None or not croniter.is_valid(match[2], second_at_beginning=True):
        raise ValueError("neither six fields from the second to the weekday, nor @every 5m")
    try:
        schedule = Schedule(text, cron=match[2], zone=ZoneInfo(match[1]) if match[1] else timezone.utc)
        schedule.next_after(datetime.now(timezone.utc))
    except (OSError, ValueError, KeyError, CroniterError) as error:
        raise ValueError(f"never fires, or in no known time zone ({error})") from None
    return schedule
