"""When a timer fires, as Function Compute writes it.

Source: the vendor's page "Timer triggers": six fields from the second to the weekday, in UTC, or in the time zone of a
`CRON_TZ=…` before them; or `@every 5m`, in minutes.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter  # type: ignore[import-untyped] # ships no types

_EVERY = re.compile(r"@every ([1-9][0-9]{0,4})m")
_FIELD = r"(?:[0-9*,/?-]|[A-Z]{3})+"
"""Fewer than what the parser takes: it knows fields of its own, such as those that chance decides."""

_CRON = re.compile(rf"(?:CRON_TZ=(\S+) )?({_FIELD}(?: {_FIELD}){{5}})")


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
        ValueError: it is not a schedule; the message lists the accepted forms.

    """
    if match := _EVERY.fullmatch(text):
        return Schedule(text, interval=timedelta(minutes=int(match[1])))
    match = _CRON.fullmatch(text)
    if match is None or not croniter.is_valid(match[2], second_at_beginning=True):
        raise ValueError("it is neither six fields from the second to the weekday, nor @every 5m")
    schedule = Schedule(text, cron=match[2], zone=_zone(match[1]) if match[1] else timezone.utc)
    try:
        schedule.next_after(datetime.now(timezone.utc))
    except CroniterError:
        raise ValueError("there is no day that it fires on") from None
    return schedule


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; no relative path; a folder of the database
        raise ValueError(f"there is no time zone {name}") from None
