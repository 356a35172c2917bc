"""The messages that the account sent by one channel, texts or mails, and that channel's limits."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

from local.emulator.clock import CHINA_TIME
from local.emulator.contacts import Message
from local.emulator.errors import refusal

_MINUTE = timedelta(minutes=1)


class Outbox:
    """Messages sent by one channel; not thread-safe by itself: the directory calls it under its own lock.

    Args:
        daily_limit: how many may be sent in a day of UTC+8. The page of SendVerificationCodeForEnableRD says 100 codes
            for an account, the user guide 100 verification e-mails. Both operations refuse with the same Code; that
            each channel has a counter of its own, and where its day begins, is assumed.
        per_minute: how many may be sent to one address within any minute; None for no such limit. The user guide says
            10 for e-mail. It names no Code: that the gateway throttles is assumed.

    Attributes:
        daily_limit: the same.

    """

    def __init__(self, daily_limit: int, per_minute: int | None = None) -> None:
        self.daily_limit = daily_limit
        self._per_minute = per_minute
        self._sent: list[Message] = []
        self._sent_on = Counter[date]()
        self._last_minute = defaultdict[str, list[datetime]](list)

    def send(self, message: Message) -> None:
        """Keep a message and count it.

        Raises:
            ApiError: the limit of the day, or of the minute, is reached.

        """
        day = _day_of(message.sent_at)
        if self._sent_on[day] >= self.daily_limit:
            raise refusal("SendValidateCodeExceedsLimitForAccount")
        if self._per_minute is not None:
            self._count_for_the_minute(message, self._per_minute)
        self._sent_on[day] += 1
        self._sent.append(message)

    def sent(self) -> list[Message]:
        """Return all messages kept, the oldest first."""
        return list(self._sent)

    def sent_on_day_of(self, moment: datetime) -> int:
        """Return how many count for the day of this moment, which has a time zone."""
        return self._sent_on[_day_of(moment)]

    def clear(self) -> None:
        """Forget the messages; they go on counting."""
        self._sent.clear()

    def reset(self) -> None:
        """Forget the messages and the counts."""
        self._sent.clear()
        self._sent_on.clear()
        self._last_minute.clear()

    def _count_for_the_minute(self, message: Message, limit: int) -> None:
        now, times = message.sent_at, self._last_minute[message.target]
        # The clock may have been moved back: what was sent later than now does not count.
        times[:] = [at for at in times if now - _MINUTE < at <= now]
        if len(times) >= limit:
            raise refusal("Throttling.User")
        times.append(now)


def _day_of(moment: datetime) -> date:
    return moment.astimezone(CHINA_TIME).date()
