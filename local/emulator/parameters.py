"""Reads the parameters of an API request and refuses the shapes that the API refuses."""

import re
from collections.abc import Mapping

from local.emulator.directory import Site
from local.emulator.errors import refusal

# API page of AddMessageContact.
TITLES = frozenset({"FinanceDirector", "TechnicalDirector", "MaintenanceDirector", "CEO", "ProjectDirector", "Other"})
MESSAGE_TYPES = frozenset(
    {
        "ServiceMessage",
        "FaultMessage",
        "AccountExpenses",
        "SecurityMessage",
        "ActivityMessage",
        "ProductMessage",
    }
)
# No page gives these patterns; they fit every example seen.
CONTACT_ID = re.compile(r"c-[A-Za-z0-9]+")
PHONE_NUMBER = re.compile(r"([0-9]{1,4})-[0-9]{5,15}")
EMAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")

_CHINA = "86"
_MAX_PAGE_SIZE = 100


class Parameters:
    """The parameters of one request. An empty value counts as one that was not given.

    Args:
        values: name to value, both decoded.

    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def optional(self, name: str) -> str | None:
        """Return the value, or None."""
        return self._values.get(name) or None

    def required(self, name: str) -> str:
        """Return the value. Raises ApiError `MissingParameter.<name>`."""
        value = self.optional(name)
        if value is None:
            raise refusal(f"MissingParameter.{name}")
        return value

    def listed(self, name: str) -> tuple[str, ...] | None:
        """Return the values of `<name>.1`, `<name>.2` and so on in the order of their numbers, or None."""
        numbered = re.compile(re.escape(name) + r"\.([1-9][0-9]{0,3})")
        found = {int(match[1]): self._values[key] for key in self._values if (match := numbered.fullmatch(key))}
        return tuple(found[number] for number in sorted(found)) or None

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a `true` or `false` in any case (the vendor's SDK writes `True`).

        Raises:
            ApiError: it is anything else.

        """
        text = self.optional(name)
        if text is None:
            return default
        if text.lower() not in {"true", "false"}:
            raise refusal(f"InvalidParameter.{name}")
        return text.lower() == "true"

    def page(self) -> tuple[int, int]:
        """Return PageNumber (from 1, default 1) and PageSize (1 to 100, default 10). Defaults and limits are assumed.

        Raises:
            ApiError: one of them is no such number.

        """
        number, size = self._count("PageNumber", default=1), self._count("PageSize", default=10)
        if size > _MAX_PAGE_SIZE:
            raise refusal("InvalidParameter.PageSize")
        return number, size

    def _count(self, name: str, *, default: int) -> int:
        text = self.optional(name)
        if text is None:
            return default
        if not re.fullmatch("[1-9][0-9]{0,8}", text):
            raise refusal(f"InvalidParameter.{name}")
        return int(text)


def check_contact_id(contact_id: str) -> None:
    """Raise ApiError unless it is `c-` and letters or digits."""
    if not CONTACT_ID.fullmatch(contact_id):
        raise refusal("InvalidParameter.ContactId")


def check_phone_number(phone_number: str, site: Site) -> None:
    """Raise ApiError unless it is `<country code>-<number>` in ASCII digits, of a country that the site texts."""
    match = PHONE_NUMBER.fullmatch(phone_number)
    if match is None:
        raise refusal("InvalidParameter.PhoneNumber")
    if (match[1] == _CHINA) != (site == "china"):
        raise refusal("InvalidParameter.MobileCountryCode")


def check_email_address(email_address: str) -> None:
    """Raise ApiError unless it looks like an e-mail address."""
    if not EMAIL_ADDRESS.fullmatch(email_address):
        raise refusal("InvalidParameter.EmailAddress")


def check_name(name: str) -> None:
    """Raise ApiError unless it is 2 to 12 letters, Chinese characters among them."""
    if not name.isalpha():
        raise refusal("InvalidParameter.Name")
    if not 2 <= len(name) <= 12:
        raise refusal("InvalidParameter.Name.Length")


def check_title(title: str) -> None:
    """Raise ApiError unless it is one of the API's titles (the code is assumed)."""
    if title not in TITLES:
        raise refusal("InvalidParameter.Title")


def check_message_types(message_types: tuple[str, ...]) -> None:
    """Raise ApiError unless all are types of the API's (the code is assumed)."""
    if not MESSAGE_TYPES.issuperset(message_types):
        raise refusal("InvalidParameter.MessageTypes")
