"""Payloads as senders and the platform write them: JSON, or base64 of JSON, strictly read."""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import NoReturn

from fcapi.events.deliveries import Delivery, MalformedRequestBody

MAX_VALUES = 32_768
"""How many values a JSON text may hold. A Python object is 50 times as large as the `{}` that it was made of."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class MalformedJson(Exception):
    """The text is not the expected JSON. The message says why, the hint how to correct it; neither quotes it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def parse_json(text: bytes) -> object:
    """Return the value of a JSON text: UTF-8, no duplicate keys, no NaN, nothing nested or repeated beyond reason.

    A byte order mark before it is passed over: editors and shells of Windows write one.

    Raises:
        MalformedJson: the text is not that.

    """
    if sum(map(text.count, (b"{", b"[", b","))) > MAX_VALUES:
        raise MalformedJson(f"more than {MAX_VALUES} values")
    try:
        return _DECODER.decode(text.removeprefix(_BYTE_ORDER_MARK).decode())
    except UnicodeDecodeError:
        raise MalformedJson("not UTF-8", "Encode the text as UTF-8.") from None
    except RecursionError:
        raise MalformedJson("nested too deeply", "Each value must be text.") from None
    except json.JSONDecodeError as error:
        raise MalformedJson("not JSON", _where_it_ends(error)) from None
    except ValueError:  # a number of more digits than Python converts
        raise MalformedJson("not JSON", "Each value must be text, in double quotes.") from None


def parse_message(text: bytes) -> object:
    """Return the value of a JSON text, or of the base64 of one.

    Text that starts with `{` or `[` is JSON. Clients of SMQ encode what they send by default.

    Raises:
        MalformedJson: the text is neither.

    """
    unmarked = text.removeprefix(_BYTE_ORDER_MARK)
    if unmarked.lstrip().startswith((b"{", b"[")):
        return parse_json(text)
    try:
        return parse_json(decode_base64(unmarked))
    except binascii.Error:
        raise MalformedJson("neither JSON nor base64") from None


def decode_base64(text: bytes) -> bytes:
    """Return what a base64 text encodes: of either alphabet (RFC 4648), padded or not, in one line or many (RFC 2045).

    Raises:
        binascii.Error: it is not base64, or mixes the alphabets.

    """
    joined = text.translate(None, b" \t\r\n")  # which takes no memory for each line, as joining them would
    if b"-" in joined or b"_" in joined:
        if b"+" in joined or b"/" in joined:
            raise binascii.Error("two alphabets")
        joined = joined.translate(_URL_SAFE)
    return base64.b64decode(joined + b"=" * (-len(joined) % 4), validate=True)


def message_deliveries(trigger: str, message: object, event_id: str | None, trace_id: str | None) -> Iterator[Delivery]:
    """Yield the deliveries of one message, given as text or as parsed JSON: one, or one for each item of a list."""
    try:
        payload = message
        if isinstance(message, str):
            payload = parse_message(message.encode("utf-8", "surrogatepass"))
    except MalformedJson as error:
        refusal = MalformedRequestBody(f"The message must be a JSON object: {error}.")
        yield Delivery(trigger, refusal=refusal, event_id=event_id, trace_id=trace_id)
        return
    # An empty list is not a request either, and must not be passed over in silence.
    for item in payload if isinstance(payload, list) and payload else [payload]:
        yield Delivery(trigger, item, event_id=event_id, trace_id=trace_id)


def _where_it_ends(error: json.JSONDecodeError) -> str:
    """Return the hint for a text that is not JSON from some place on; where, without what stands there."""
    if not error.doc.strip():
        return "It is empty."
    return f"It is no JSON from line {error.lineno}, column {error.colno} on."


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise MalformedJson("an object has a key twice", "Name each field once.")
    return document


def _refuse_constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN and Infinity are not JSON", "Each value must be text, in double quotes.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
