"""JSON as its standard means it: UTF-8, no duplicate keys, no NaN, nothing nested beyond reason."""

import json
from typing import NoReturn


class MalformedJson(Exception):
    """The text is not the JSON that was asked for; the message says why and quotes nothing of it."""


def parse_json(text: bytes) -> object:
    """Return the value of a JSON text.

    Raises:
        MalformedJson: it is not UTF-8 or not JSON, an object has a key twice, or it is nested too deeply.

    """
    try:
        return _DECODER.decode(text.decode())
    except UnicodeDecodeError:
        raise MalformedJson("not UTF-8") from None
    except RecursionError:
        raise MalformedJson("nested too deeply") from None
    except ValueError:
        raise MalformedJson("not JSON") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise MalformedJson("an object has a key twice")
    return document


def _refuse_constant(_name: str) -> NoReturn:
    raise MalformedJson("NaN and Infinity are not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
