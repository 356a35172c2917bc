"""The bodies that the control routes of `fcapi serve` accept."""

import json

from pydantic import BaseModel, ConfigDict, Field


class InvokeRequest(BaseModel):
    """An event for a function: text as it is, or any other value as JSON; with `Async`, nobody waits for it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    function: str = Field(alias="Function")
    event: object = Field(alias="Event")
    asynchronous: bool = Field(default=False, alias="Async")

    @property
    def payload(self) -> bytes:
        """The event's bytes."""
        text = self.event if isinstance(self.event, str) else json.dumps(self.event)
        return text.encode()
