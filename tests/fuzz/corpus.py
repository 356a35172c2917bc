"""The real events that hostile ones are made of, as trees that can hold what JSON must not.

A value is None, a bool, a number, a text, or one of: a list, an `Object`, an `Embedded`, a `Raw`. The first two and
`Embedded` are lists, so that every place in a tree is an item of some list and can be changed there.
"""

import base64
import binascii
import json
from collections.abc import Callable
from json.encoder import encode_basestring, encode_basestring_ascii
from pathlib import Path
from typing import Any, NamedTuple

from tests.handlers import REQUEST, http_event

ROOT = Path(__file__).parents[2]
NUMBERS = ("13900001234", "13900005678")
"""The phone numbers in the corpus; each hostile event has one of its own instead."""


class Object(list[list[Any]]):
    """An object: pairs of key and value, so that a key may be there twice."""


class Embedded(list[Any]):
    """The one value in it, as a text of JSON inside JSON, or as the base64 of that; `encode` makes the text of it."""

    encode: Callable[[bytes], bytes] = bytes


class Raw(str):
    """A token that goes out as it is."""

    __slots__ = ()


class Place(NamedTuple):
    """Where a value stands: an item of a list."""

    holder: list[Any]
    at: int


def tree_of(value: object) -> Any:
    """Return the tree of a parsed document; JSON that lies in a text is opened."""
    if isinstance(value, dict):
        return Object([key, tree_of(item)] for key, item in value.items())
    if isinstance(value, list):
        return [tree_of(item) for item in value]
    return _opened(value) if isinstance(value, str) else value


def copy_of(tree: Any) -> Any:
    """Return a tree that can be changed without changing this one."""
    if not isinstance(tree, list):
        return tree
    copy: Any = type(tree)(copy_of(item) for item in tree)
    if isinstance(tree, Embedded):
        copy.encode = tree.encode
    return copy


def places(root: list[Any]) -> list[Place]:
    """Return the place of each value in a list, and of each value within."""
    found: list[Place] = []
    holders = [root]
    while holders:
        holder = holders.pop()
        for index, item in enumerate(holder):
            place = Place(item, 1) if isinstance(holder, Object) else Place(holder, index)
            found.append(place)
            value = place.holder[place.at]
            if isinstance(value, list):
                holders.append(value)
    return found


def objects(root: list[Any]) -> list[Object]:
    """Return each object in a list, and in the values within."""
    values = (holder[index] for holder, index in places(root))
    return [value for value in values if isinstance(value, Object)]


def encoded(tree: Any, *, number: str, ascii_only: bool) -> bytes:
    """Return the bytes of a tree, with `number` for those of the corpus; a lone surrogate is written as three bytes."""
    quoted = encode_basestring_ascii if ascii_only else encode_basestring
    return _text(tree, number, quoted).encode("utf-8", "surrogatepass")


def _text(tree: Any, number: str, quoted: Callable[[str], str]) -> str:
    if isinstance(tree, Raw):
        return str(tree)
    if isinstance(tree, Embedded):
        inner = _text(tree[0], number, quoted).encode("utf-8", "surrogatepass")
        return quoted(tree.encode(inner).decode("utf-8", "surrogatepass"))
    if isinstance(tree, Object):
        members = (f"{_text(key, number, quoted)}: {_text(value, number, quoted)}" for key, value in tree)
        return "{" + ", ".join(members) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(_text(item, number, quoted) for item in tree) + "]"
    if isinstance(tree, str):
        for other in NUMBERS:
            tree = tree.replace(other, number)
        return quoted(tree)
    return json.dumps(tree)


def _opened(text: str) -> Any:
    for encode in (bytes, base64.b64encode):
        try:
            value = json.loads(text if encode is bytes else base64.b64decode(text, validate=True))
        except (ValueError, binascii.Error):
            continue
        if isinstance(value, (dict, list)):
            embedded = Embedded([tree_of(value)])
            embedded.encode = encode
            return embedded
    return text


def _read() -> dict[str, Any]:
    paths = [*(ROOT / "events").iterdir(), *(ROOT / "tests" / "data" / "events").iterdir()]
    read = {path.name: json.loads(path.read_bytes()) for path in sorted(paths)}
    read["http_request"] = http_event()
    read["direct_list"] = [REQUEST, REQUEST, REQUEST]
    return {name: tree_of(document) for name, document in read.items()}


EVENTS = _read()
"""Every sample and every published payload, by its file's name."""

TICKS = [name for name, tree in EVENTS.items() if isinstance(tree, Object) and "triggerTime" in dict(tree)]
"""The names of those that come from a timer: all that function 2 accepts."""

KEYS = sorted({key for tree in EVENTS.values() for item in objects([tree]) for key, _ in item} | {"data_base64"})
"""Every key of every object in the corpus, and one that only the specification of CloudEvents has."""
