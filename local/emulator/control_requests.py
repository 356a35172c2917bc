"""The bodies that the control routes accept."""

import re
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_pascal

from local.emulator.contacts import Details
from local.emulator.parameters import (
    CONTACT_ID,
    EMAIL_ADDRESS,
    MESSAGE_TYPES,
    PHONE_NUMBER,
    TITLES,
)


def _one_of(values: frozenset[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(f"must be one of {', '.join(sorted(values))}")
        return value

    return AfterValidator(check)


def _like(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(f"must be {what}")
        return value

    return AfterValidator(check)


def _letters(value: str) -> str:
    if not value.isalpha():
        raise ValueError("must be letters only")
    return value


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", strict=True, allow_inf_nan=False)


class NewContact(_Body):
    """A contact to put in; what is left out is made up. Any country code will do, whatever the site."""

    phone_number: Annotated[
        str, _like(PHONE_NUMBER, "a country code, a hyphen and 5 to 15 digits, as 86-13900005678")
    ] = ""
    contact_id: Annotated[str, _like(CONTACT_ID, "c- and letters or digits, as c-Yk3mNwQ8rT5vX2zB")] | None = None
    name: Annotated[str, Field(min_length=2, max_length=12), AfterValidator(_letters)] | None = None
    email_address: Annotated[str, _like(EMAIL_ADDRESS, "an e-mail address, as operations@example.com")] | None = None
    title: Annotated[str, _one_of(TITLES)] = "Other"
    message_types: list[Annotated[str, _one_of(MESSAGE_TYPES)]] = Field(default=["SecurityMessage"], min_length=1)

    def details(self, made_up_name: str, made_up_number: str) -> Details:
        """Return what the directory has to know of it."""
        name = self.name or made_up_name
        return Details(
            name=name,
            email_address=self.email_address or f"{made_up_name.lower()}@example.com",
            phone_number=self.phone_number or made_up_number,
            title=self.title,
            message_types=tuple(self.message_types),
        )


class Verification(_Body):
    """The number or e-mail address that is to count as verified."""

    target: str


class ClockChange(_Body):
    """Either a distance in seconds, back if negative, or the time to show from now on."""

    advance_seconds: float | None = Field(default=None, ge=-1e10, le=1e10)
    now: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "ClockChange":
        if (self.advance_seconds is None) == (self.now is None):
            raise ValueError("give either AdvanceSeconds or Now")
        return self
