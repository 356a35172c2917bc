"""The texts that the account sent, and its daily limit."""

from collections import Counter
from datetime import date, datetime

from local.emulator.clock import CHINA_TIME
from local.emulator.contacts import Message
from local.emulator.errors import refusal


class Texts:
    """Texts sent; not thread-safe by itself: the directory calls it under its own lock.

    Args:
        daily_limit: how many may be sent in a day of UTC+8. The page of SendVerificationCodeForEnableRD says
            100; that the counter is the same one, and where its day begins, is assumed.

    Attributes:
        daily_limit: the same.

    """

    def __init__(self, daily_limit: int) -> None:
        self.daily_limit = daily_limit
        self._sent: list[Message] = []
        self._sent_on = Counter[date]()

    def send(self, message: Message) -> None:
        """Keep a text and count it for its day.

        Raises:
            ApiError: the limit of that day is reached.

        """
        day = _day_of(message.sent_at)
        if self._sent_on[day] >= self.daily_limit:
            raise refusal("SendValidateCodeExceedsLimitForAccount")
        self._sent_on[day] += 1
        self._sent.append(message)

    def sent(self) -> list[Message]:
        """Return all texts kept, the oldest first."""
        return list(self._sent)

    def sent_on_day_of(self, moment: datetime) -> int:
        """Return how many count for the day of this moment, which has a time zone."""
        return self._sent_on[_day_of(moment)]

    def clear(self) -> None:
        """Forget the texts; they go on counting for their days."""
        self._sent.clear()

    def reset(self) -> None:
        """Forget the texts and the counts."""
        self._sent.clear()
        self._sent_on.clear()


def _day_of(moment: datetime) -> date:
    return moment.astimezone(CHINA_TIME).date()
