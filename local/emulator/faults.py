"""Which answers of the API go wrong, how, and how often."""

from dataclasses import dataclass
from random import Random
from threading import Lock
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_pascal

from local.emulator.operations import OPERATIONS


class _When(BaseModel):
    """Which answers a fault hits: the next `Times` (1 unless told), or each with a `Probability` from a `Seed`."""

    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    times: int | None = Field(default=None, ge=1)
    probability: float | None = Field(default=None, ge=0, le=1)
    seed: int | None = None
    action: str | None = None

    @field_validator("action")
    @classmethod
    def _known(cls, action: str | None) -> str | None:
        if action is not None and action not in OPERATIONS:
            raise ValueError(f"must be one of {', '.join(OPERATIONS)}")
        return action

    @model_validator(mode="after")
    def _either_times_or_probability(self) -> "_When":
        if self.times is not None and self.probability is not None:
            raise ValueError("Times and Probability exclude each other")
        if (self.probability is None) != (self.seed is None):
            raise ValueError("Probability and Seed need each other")
        return self


class ErrorFault(_When):
    """An error answer in the vendor's shape; the operation is not done."""

    kind: Literal["error"]
    status: int = Field(ge=400, le=599)
    code: str = Field(min_length=1)
    message: str = Field(min_length=1)


class ThrottleFault(_When):
    """400 Throttling.User; the operation is not done. RetryAfterMs becomes the header x-acs-retry-after."""

    kind: Literal["throttle"]
    retry_after_ms: int | None = Field(default=None, ge=0)


class DelayFault(_When):
    """The normal answer, so many seconds later."""

    kind: Literal["delay"]
    seconds: float = Field(gt=0, le=600)


class PlainFault(_When):
    """A fault that needs no more said than its kind."""

    kind: Literal["drop_before", "drop_after", "half_answer", "garbage", "redirect", "no_request_id"]


Fault = Annotated[ErrorFault | ThrottleFault | DelayFault | PlainFault, Field(discriminator="kind")]


@dataclass
class _Armed:
    fault: Fault
    times_left: int | None
    randomness: Random

    def hits(self) -> bool:
        if self.fault.probability is not None:
            return self.randomness.random() < self.fault.probability
        return True


class Faults:
    """The faults that wait for an answer to hit; may be called by any thread."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._redirects_followed = 0
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Have this fault hit answers, after the faults added before had their chance."""
        times = None if fault.probability is not None else fault.times or 1
        with self._lock:
            # The seed is there to repeat a run; nothing here is a secret.
            self._armed.append(_Armed(fault, times, Random(fault.seed)))  # noqa: S311 as said above

    def take(self, action: str) -> Fault | None:
        """Return the fault that hits the next answer of this operation, at most one."""
        with self._lock:
            for armed in self._armed:
                if armed.fault.action in {None, action} and armed.hits():
                    if armed.times_left is not None:
                        armed.times_left -= 1
                    self._armed = [one for one in self._armed if one.times_left != 0]
                    return armed.fault
            return None

    def waiting(self) -> list[dict[str, object]]:
        """Return the faults as they were given, `Times` as many as are left."""
        with self._lock:
            return [
                {
                    **armed.fault.model_dump(by_alias=True, exclude_none=True),
                    **({} if armed.times_left is None else {"Times": armed.times_left}),
                }
                for armed in self._armed
            ]

    def redirect_followed(self) -> None:
        """Count a redirect that was followed."""
        with self._lock:
            self._redirects_followed += 1

    @property
    def redirects_followed(self) -> int:
        """How many were followed."""
        return self._redirects_followed

    def clear(self) -> None:
        """Have none, and no redirect followed."""
        with self._lock:
            self._armed.clear()
            self._redirects_followed = 0
