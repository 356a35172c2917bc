"""Hostile events, each made from its number alone: mutated real ones, and a few that never were one."""

import base64
import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from fcapi.events.opening import MAX_EVENT_BYTES
from tests.fuzz.corpus import EVENTS, KEYS, TICKS, Embedded, Object, Place, Raw, copy_of, encoded, objects, places

MAX_BYTES = 256 * 1024
"""Of all but a few, which are made larger than what is parsed."""

MARK = codecs.BOM_UTF8
ENCODINGS: Sequence[Callable[[bytes], bytes]] = (
    *(bytes, bytes, bytes, base64.b64encode, base64.b64encode),
    *(
        base64.urlsafe_b64encode,
        base64.encodebytes,
        lambda text: MARK + text,
        lambda text: base64.b64encode(MARK + text),
    ),
)
"""How JSON lies in a text of JSON."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ADDRESSES = (
    *("{}@example.com", "{}%40example.com", "{}\\u0040example.com", "{}&#64;example.com", "{}&commat;EXAMPLE.COM"),
    *('"{} x"@example.com', "x:{}@mail.example.com:7", "mailto:{}@example.com", "{}\uff20example.com"),
    *(
        "{}%2540example.com",
        "{}%u0040example.com",
        "{}\\100example.com",
        "{}\\x40example.com",
        "{}\\U00000040example.com",
    ),
    *(
        "{}&#64example.com",
        "{}&#x40example.com",
        "{}&commatexample.com",
        "{}\\u0026#64;example.com",
        "{}=40example.com",
    ),
    *("{}+AEA-example.com", "{}\ufe6bexample.com", "{}\\uff20example.com", "{}%EF%BC%A0example.com"),
    *("{}\\N{{COMMERCIAL AT}}example.com", "{}@my_corp.example.com", "{}@10.example.com", "{}@example.com.1"),
    *("{}=x@example.com", "{}&x@example.com", "{}|x@example.com", "x'{}@example.com", "({})@example.com"),
    *("{{{}}}@example.com", "x/{}?@example.com", "@{}@example.com", "{} @ example.com"),
)
"""Spellings of an e-mail address, with a place for what is before its `@`."""

STRANGE = "\x00\x07\n\r\t\x1b\x7f\x85\u061c\u200b\u200e\u202a\u202e\u2028\u2029\u2066\ufeff\ud800\udfff\uffff\U0010ffff"
"""Ends of lines and of texts, terminals' escapes, turns of direction, halves of characters."""

FORGED = '\n{"level": "INFO", "message": "phone verification", "service": "phone-verification", "outcome": "sent"}\n'
SMUGGLED = (
    "&Action=DeleteMessageContact",
    "?Action=DeleteMessageContact#",
    "%26Version%3D2020-01-01",
    "\r\nx-acs-action: DeleteMessageContact\r\n\r\n",
    "@127.0.0.1:1/",
    ";/../..//",
)
NUMBERS = (
    *("1e999", "-1e999", "1e-999", "NaN", "Infinity", "-Infinity", "-0", "01", "0x1F", "1_000", "1.", ".5", "+1"),
    *("18446744073709551616", "-9223372036854775809", "253402300800", "0.1", "1e400", "1E+2", "\uff19"),
)


@dataclass(frozen=True, slots=True)
class HostileEvent:
    """The bytes of an event.

    Attributes:
        content: the bytes.
        marker: a text in it that must not come out again.
        number: a phone number in it, without its country code.
        ticks: it is meant for the function that a timer invokes.

    """

    content: bytes
    marker: str
    number: str
    ticks: bool


def hostile_event(seed: int, index: int) -> HostileEvent:
    """Return one event of those that a seed stands for: always the same one."""
    chance = Random(f"{seed}/{index}")  # noqa: S311 -- no secret
    ticks = index % 8 == 0
    marker = "Mk" + "".join(chance.choices(LETTERS, k=12))
    number = f"139{chance.randrange(10**8):08}"
    maker = _Maker(chance, marker, number)
    if chance.random() < 0.02:
        content = maker.noise()
    else:
        content = maker.mutated_event(TICKS if ticks and chance.random() < 0.8 else list(EVENTS))
    content = content[:MAX_BYTES]
    if chance.random() < 0.002:
        content = content.ljust(MAX_EVENT_BYTES + 1)
    return HostileEvent(content, marker, number, ticks)


class _Maker:
    """Makes one event."""

    def __init__(self, chance: Random, marker: str, number: str) -> None:
        self._chance = chance
        self._marker = marker
        self._number = number

    def mutated_event(self, names: Sequence[str]) -> bytes:
        """Return a real event, changed a few times in its structure, in its bytes, or in both."""
        chance = self._chance
        root = [copy_of(EVENTS[chance.choice(names)])]
        for _ in range(chance.choice((1, 1, 2))):
            self._mark(root)
        how = chance.random()
        if how < 0.9:
            for _ in range(chance.choice((1, 1, 1, 1, 2, 2, 3, 6))):
                chance.choice(STRUCTURAL)(self, root)
        if chance.random() < 0.15:
            root[0] = self._wrapped(root[0])
        content = encoded(root[0], number=self._number, ascii_only=chance.random() < 0.85)
        if how >= 0.82:
            for _ in range(chance.choice((1, 1, 2, 4, 16))):
                content = chance.choice(BYTEWISE)(self, content)
        return chance.choice(ENCODINGS)(content) if chance.random() < 0.03 else content

    def noise(self) -> bytes:
        """Return bytes that never were an event."""
        chance = self._chance
        size = self._size(MAX_BYTES)
        match chance.randrange(6):
            case 0:
                return chance.randbytes(size)
            case 1:
                return "".join(chance.choices(STRANGE + '{}[]":,0', k=size)).encode("utf-8", "surrogatepass")[:size]
            case 2:
                return base64.b64encode(chance.randbytes(size))
            case 3:
                return (chance.choice(['{"a":', "[", '[{"ContactId":', '"', "[[],"]) * size)[:size].encode()
            case 4:
                return b" " * size + b"7"
            case _:
                return b"9" * size

    def _size(self, most: int) -> int:
        """Return a size up to `most`: most often a small one."""
        chance = self._chance
        return most if chance.random() < 0.01 else int(most ** (chance.random() * chance.random()))

    def _depth(self) -> int:
        # Around the interpreters' own limits, and far beyond.
        chance = self._chance
        return chance.choice((16, 100, 500, chance.randrange(850, 1010), chance.randrange(1400, 1510), 5000, 100_000))

    # What stands in places

    def _text(self) -> str:
        chance, marker = self._chance, self._marker
        return chance.choice(
            (
                marker,
                f"c-{marker}",
                f"86-{self._number}",
                self._number,
                f"86-139****{marker}",
                marker + chance.choice(STRANGE) + marker,
                chance.choice(STRANGE) + marker,
                marker + FORGED,
                marker + chance.choice(SMUGGLED),
                f"c-qL4HqKONzOM7abcd{chance.choice(SMUGGLED)}",
                f"86-{self._number}{chance.choice(SMUGGLED)}",
                "".join(chance.choices(STRANGE, k=chance.randrange(1, 9))),
                "".join(chr(0xFEE0 + ord(digit)) for digit in self._number),
                "",
                " ",
                "*",
                "null",
                marker * self._size(2000),
                "8" * self._size(100_000),
                "00-" + "0" * 21 + self._number + "-00f067aa0ba902b7-01",
                base64.b64encode(chance.randbytes(self._size(200))).decode(),
                base64.b64encode(marker.encode()).decode().rstrip("="),
                chance.choice(ADDRESSES).format(marker),
                chance.choice(ADDRESSES).format(marker),
            )
        )

    def _value(self) -> Any:
        chance = self._chance
        kind = chance.randrange(14)
        if kind < 4:
            return self._text()
        if kind in (4, 11, 12):
            return chance.choice((None, True, False, 0, 1, -1, 7, 1e308, [], Object(), [[]], Object([["", None]])))
        if kind == 5:
            digits = "9" * chance.choice((20, 400, 4300, 4301, 10_000))
            return Raw(chance.choice((*NUMBERS, digits, "-" + digits, "0." + digits, digits + "e9")))
        if kind == 6:
            inner = f'"{self._marker}"'
            opening, closing = chance.choice((("[", "]"), ('{"a":', "}"), ('[{"ContactId":', "}]")))
            depth = self._depth()
            return Raw(opening * depth + inner + closing * depth)
        if kind == 7:
            count = self._size(100_000)
            item = chance.choice(("0", "[]", "{}", '""', "null", '{"ContactId":"c"}'))
            return Raw("[" + ",".join([item] * count) + "]")
        if kind == 8:
            return [copy_of(EVENTS["direct.json"])] * chance.choice((1, 2, 2, 3, 3, 5, 100, 101))
        other = copy_of(EVENTS[chance.choice(list(EVENTS))])
        if kind == 9:
            return self._embedded(other)
        if kind == 10:
            place = chance.choice(places([other]))
            return place.holder[place.at]
        return other

    def _embedded(self, tree: Any) -> Embedded:
        embedded = Embedded([tree])
        embedded.encode = self._chance.choice(ENCODINGS)
        return embedded

    def _wrapped(self, tree: Any) -> Any:
        """Return an event within others: dead letters, and the messages that they lie in."""
        chance = self._chance
        for _ in range(chance.choice((1, 1, 2, 3, 6, 12, 20))):
            inner = self._embedded(tree) if chance.random() < 0.3 else tree
            context = Object([["requestId", self._marker], ["condition", "UnhandledInvocationError"]])
            tree = Object([["requestContext", context], ["requestPayload", inner]])
            if chance.random() < 0.2:
                fields = [["specversion", "1.0"], ["type", "mns:Queue:SendMessage"], ["source", self._text()]]
                tree = [Object([*fields, ["id", self._text()], ["data", Object([["messageBody", tree]])]])]
            if len(tree) == 2 and chance.random() < 0.02:
                tree = [tree] * 3
        return tree

    # Changes of structure

    def _place(self, root: list[Any]) -> Place:
        return self._chance.choice(places(root))

    def _mark(self, root: list[Any]) -> None:
        """Put the marker into one of the texts."""
        texts = _texts(root)
        if texts:
            holder, index = self._chance.choice(texts)
            holder[index] = self._chance.choice((self._marker, holder[index] + self._marker, "c-" + self._marker))

    def replace(self, root: list[Any]) -> None:
        """Put something else in a place."""
        holder, index = self._place(root)
        holder[index] = self._value()

    def replace_text(self, root: list[Any]) -> None:
        """Put another text in the place of a text, which leaves more of the event what it was."""
        texts = _texts(root)
        if texts:
            holder, index = self._chance.choice(texts)
            holder[index] = self._text()

    def put_in(self, root: list[Any]) -> None:
        """Put a character that is more than it seems into a text."""
        texts = _texts(root)
        if texts:
            holder, index = self._chance.choice(texts)
            text, at = holder[index], self._chance.randrange(len(holder[index]) + 1)
            holder[index] = text[:at] + self._chance.choice((*STRANGE, *SMUGGLED, FORGED)) + text[at:]

    def _object(self, root: list[Any]) -> Object | None:
        found = [item for item in objects(root) if item]
        return self._chance.choice(found) if found else None

    def remove(self, root: list[Any]) -> None:
        """Remove a member of an object."""
        if found := self._object(root):
            del found[self._chance.randrange(len(found))]

    def duplicate(self, root: list[Any]) -> None:
        """Repeat a member of an object, with the same value or another."""
        if found := self._object(root):
            key, value = self._chance.choice(found)
            found.append([key, copy_of(value) if self._chance.random() < 0.5 else self._value()])

    def rename(self, root: list[Any]) -> None:
        """Give a member of an object another key."""
        if found := self._object(root):
            member = self._chance.choice(found)
            member[0] = self._chance.choice((self._chance.choice(KEYS), self._text(), member[0].swapcase()))

    def insert(self, root: list[Any]) -> None:
        """Put a member into an object, most often instead of the one with its key."""
        if found := self._object(root):
            key = self._chance.choice(KEYS) if self._chance.random() < 0.7 else self._text()
            if self._chance.random() < 0.9:
                found[:] = [member for member in found if member[0] != key]
            found.insert(self._chance.randrange(len(found) + 1), [key, self._value()])

    def nest(self, root: list[Any]) -> None:
        """Put a value into a list, an object, or a text of JSON."""
        holder, index = self._place(root)
        value = holder[index]
        holder[index] = self._chance.choice(
            ([value], [value, copy_of(value)], Object([[self._chance.choice(KEYS), value]]), self._embedded(value))
        )

    def swap(self, root: list[Any]) -> None:
        """Put what stands in one place in another one too."""
        source, target = self._place(root), self._place(root)
        target.holder[target.at] = copy_of(source.holder[source.at])

    def address(self, root: list[Any]) -> None:
        """Put an e-mail address into an id, behind what is there or instead of it."""
        ids = [member for found in objects(root) for member in found if member[0].lower().endswith("id")]
        if ids:
            member = self._chance.choice(ids)
            address = self._chance.choice(ADDRESSES).format(self._marker)
            member[1] = address if self._chance.random() < 0.5 else f"order-7:{address}"

    # Changes of bytes

    def flip(self, content: bytes) -> bytes:
        """Change a bit."""
        changed = bytearray(content)
        if changed:
            changed[self._chance.randrange(len(changed))] ^= 1 << self._chance.randrange(8)
        return bytes(changed)

    def cut(self, content: bytes) -> bytes:
        """Take a part out, or all from a point on."""
        start, end = self._span(content)
        return content[:start] + (content[end:] if self._chance.random() < 0.6 else b"")

    def repeat(self, content: bytes) -> bytes:
        """Repeat a part many times."""
        start, end = self._span(content)
        times = min(self._size(4000), MAX_BYTES // (end - start + 1) + 1)
        return content[:end] + content[start:end] * times + content[end:]

    def splice(self, content: bytes) -> bytes:
        """Put in a part of another event, or some bytes of any kind."""
        other = encoded(EVENTS[self._chance.choice(list(EVENTS))], number=self._number, ascii_only=True)
        start, end = self._span(other)
        part = other[start:end] if self._chance.random() < 0.7 else self._chance.randbytes(self._size(64))
        start, end = self._span(content)
        return content[:start] + part + content[end:]

    def _span(self, content: bytes) -> tuple[int, int]:
        start = self._chance.randrange(len(content) + 1)
        return start, min(len(content), start + self._size(max(1, len(content) // 2)))


def _texts(root: list[Any]) -> list[Place]:
    return [place for place in places(root) if isinstance(place.holder[place.at], str)]


STRUCTURAL: Sequence[Callable[[_Maker, list[Any]], None]] = (
    *(_Maker.replace, _Maker.replace_text, _Maker.put_in, _Maker.insert, _Maker.nest, _Maker.swap) * 2,
    *(_Maker.remove, _Maker.duplicate, _Maker.rename, _Maker.address),
)
BYTEWISE: Sequence[Callable[[_Maker, bytes], bytes]] = (_Maker.flip, _Maker.cut, _Maker.repeat, _Maker.splice)
