"""The sample events of the project, at least one for each trigger; makes new events from them."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local.event_reader import requests_in, trigger_of

SAMPLES = Path(__file__).parents[1] / "events"

SAMPLE_CONTACT_ID = "c-qL4HqKONzOM7abcd"
SAMPLE_PHONE_NUMBER = "86-13900001234"

_OTHER_OUTCOMES = {
    "direct_list": "sent, duplicate",
    "refused_broken_json": "MalformedRequestBody",
    "refused_masked_number": "InvalidParameter.PhoneNumber",
    "refused_missing_contact_id": "MissingParameter.ContactId",
    "refused_unrecognized": "UnrecognizedEvent",
    "sweep_dry_run": "nothing sent: a dry run",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample's file, and the trigger that it is recognised as: `none` if it is refused.

    `is_bare_tick`: it comes from a timer and holds no request. `outcome`: its result on a new emulator.
    """

    path: Path
    trigger: str
    is_bare_tick: bool

    @property
    def outcome(self) -> str:
        """The outcome of its delivery or deliveries, or the Code of the refusal."""
        return _OTHER_OUTCOMES.get(self.path.stem, "sent")


def samples() -> Iterator[Sample]:
    """Yield the samples in the order of their names."""
    for path in sorted(SAMPLES.glob("*.json")):
        event = path.read_bytes()
        yield Sample(path, trigger_of(event) or "none", is_bare_tick(event))


def is_bare_tick(event: bytes) -> bool:
    """Tell whether an event comes from a timer and holds no request."""
    return trigger_of(event) == "timer" and not any("ContactId" in request for request in requests_in(event))


def event_of(trigger: str, contact_id: str, phone_number: str) -> object:
    """Return the sample of a trigger, with this contact and number in it."""
    given = {SAMPLE_CONTACT_ID: contact_id, SAMPLE_PHONE_NUMBER: phone_number}
    return _replaced(
        json.loads((SAMPLES / f"{trigger}.json").read_text(encoding="utf-8")), lambda text: given.get(text, text)
    )


def _replaced(value: object, replace: Callable[[str], str]) -> object:
    """Return a JSON value with each text replaced, in JSON texts and base64 of them too."""
    if isinstance(value, dict):
        return {name: _replaced(item, replace) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, replace) for item in value]
    if not isinstance(value, str):
        return value
    if value.startswith(("{", "[")):
        return json.dumps(_replaced(json.loads(value), replace))
    try:
        inner = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return replace(value)
    if not inner.startswith(("{", "[")):
        return replace(value)
    return base64.b64encode(str(_replaced(inner, replace)).encode()).decode()
