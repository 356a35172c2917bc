"""Validation of envelopes: once, against the model of the trigger that matched."""

from typing import TypeVar

from fcapi.errors import MalformedEvent
from fcapi.models import BaseModel, ConfigDict, ValidationError

AnyModel = TypeVar("AnyModel", bound="EnvelopeModel")


class EnvelopeModel(BaseModel):
    """The fields of an envelope that are read. All others are passed over."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


def read_envelope(model: type[AnyModel], trigger: str, event: object) -> AnyModel:
    """Return the envelope of an event.

    Raises:
        MalformedEvent: a field of it is missing or has the wrong type; the message names the field.

    """
    try:
        return model.model_validate(event)
    except ValidationError as error:
        location = error.errors(include_input=False, include_url=False)[0]["loc"]
        raise broken_field(trigger, _own_part(model, location)) from None


def broken_field(trigger: str, field: str) -> MalformedEvent:
    """Return the refusal of an envelope that names its broken field."""
    return MalformedEvent(f"The {trigger} event's {field} is missing or of the wrong type.")


def _own_part(model: type[EnvelopeModel], location: tuple[int | str, ...]) -> str:
    """Return the part of a location that our model names: below it may be the sender's own words."""
    for field in model.model_fields.values():
        alias = field.validation_alias
        path = getattr(alias, "path", None)
        if path is not None and path[0] == location[0]:
            return ".".join(str(step) for step in path)
    return str(location[0])
