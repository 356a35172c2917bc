"""The sample events of the project: one for each trigger, and the making of new ones after their pattern."""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from fcapi.errors import EventRejected
from phone_verification.request import open_requests

SAMPLES = Path(__file__).parents[1] / "events"

SAMPLE_CONTACT_ID = "c-qL4HqKONzOM7abcd"
SAMPLE_PHONE_NUMBER = "86-13900001234"


def samples() -> Iterator[tuple[Path, str]]:
    """Yield each sample and the trigger that it is recognised as, `none` for what is refused."""
    for path in sorted(SAMPLES.glob("*.json")):
        yield path, _trigger_of(path.read_bytes())


def _trigger_of(event: bytes) -> str:
    try:
        return open_requests(event).trigger
    except EventRejected:
        return "none"


def event_of(trigger: str, contact_id: str, phone_number: str) -> object:
    """Return an event of a trigger that asks for the verification of this number: its sample, with other values."""
    given = {SAMPLE_CONTACT_ID: contact_id, SAMPLE_PHONE_NUMBER: phone_number}
    return _replaced(json.loads((SAMPLES / f"{trigger}.json").read_text()), lambda text: given.get(text, text))


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
