"""The message that a queue, a topic or a bus carries, however its sender and the platform wrapped it."""

import base64
import binascii
from collections.abc import Iterator

from fcapi.events.deliveries import Delivery, MalformedRequestBody
from fcapi.events.strict_json import MalformedJson, parse_json


def parse_message(text: bytes) -> object:
    """Return the value of a JSON text, or of the base64 of one, with or without its padding.

    Text that starts with `{` or `[` is JSON; clients of SMQ encode what they send by default.

    Raises:
        MalformedJson: it is neither.

    """
    stripped = text.strip()
    if not stripped.startswith((b"{", b"[")):
        try:
            text = base64.b64decode(stripped + b"=" * (-len(stripped) % 4), validate=True)
        except binascii.Error:
            raise MalformedJson("neither JSON nor base64") from None
    return parse_json(text)


def message_deliveries(trigger: str, message: object, event_id: str | None, trace_id: str | None) -> Iterator[Delivery]:
    """Yield the deliveries of one message, given as text or as parsed JSON: one, or one for each object in a list."""
    try:
        payload = message
        if isinstance(message, str):
            payload = parse_message(message.encode("utf-8", "surrogatepass"))
    except MalformedJson as error:
        refusal = MalformedRequestBody(f"The message must be a JSON object: {error}.")
        yield Delivery(trigger, refusal=refusal, event_id=event_id, trace_id=trace_id)
        return
    # An empty list is no request either, and must not be passed over in silence.
    for item in payload if isinstance(payload, list) and payload else [payload]:
        yield Delivery(trigger, item, event_id=event_id, trace_id=trace_id)
