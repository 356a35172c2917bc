"""The bodies that the control routes of `fcapi serve` accept."""

import json

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", strict=True)


class InvokeRequest(_Body):
    """An event for a function: text as it is, or any other value as JSON; with `Async`, the caller does not wait."""

    function: str
    event: object
    asynchronous: bool = Field(default=False, alias="Async")

    @property
    def payload(self) -> bytes:
        """The event's bytes."""
        text = self.event if isinstance(self.event, str) else json.dumps(self.event)
        return text.encode()


class EventRequest(_Body):
    """A sample, and the contact and the number to write into it."""

    sample: str
    contact_id: str
    phone_number: str


class ResetRequest(_Body):
    """What is to begin anew; with `KeepInstances` the functions go on, with what they remember."""

    keep_instances: bool = False
