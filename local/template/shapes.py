"""The types and limits of properties, and the check of a value against them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["string", "number", "boolean", "any", "map", "list", "object"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Range, length, allowed values and pattern of a value; None is no limit."""

    minimum: float | None = None
    maximum: float | None = None
    min_length: float | None = None
    max_length: float | None = None
    allowed: tuple[Any, ...] = ()
    pattern: str | None = None

    def but(self, **changes: Any) -> "Limits":
        """Return these limits with others set too."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type: of scalars, of the items of a list or map, or the properties of an object."""

    kind: Kind
    item: "ValueType | None" = None
    shape: "Shape | None" = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property as the vendor describes it."""

    required: bool
    type: ValueType
    limits: Limits = Limits()


Shape = Mapping[str, Property]
"""The properties of a resource or of an object in one, by the names that a template uses."""


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type: its properties, and the attributes that Fn::GetAtt may read."""

    name: str
    properties: Shape
    attributes: frozenset[str]


def kind_problem(value: object, kind: Kind) -> str | None:
    """Return a message if a value is of another kind, else None. A text of digits is not a number."""
    fits = {
        "string": isinstance(value, str),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "boolean": isinstance(value, bool),
        "any": True,
        "map": isinstance(value, Mapping),
        "object": isinstance(value, Mapping),
        "list": isinstance(value, list),
    }
    return None if fits[kind] else f"expected {kind}, found {_found(value)}"


def limit_problems(value: Any, limits: Limits) -> Iterator[str]:
    """Yield a message for each limit that a scalar or a list breaks."""
    if limits.allowed and value not in limits.allowed:
        yield f"expected one of {', '.join(map(str, limits.allowed))}, found {value}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if limits.minimum is not None and value < limits.minimum:
            yield f"expected at least {limits.minimum:g}, found {value:g}"
        if limits.maximum is not None and value > limits.maximum:
            yield f"expected at most {limits.maximum:g}, found {value:g}"
    if isinstance(value, str | list):
        if limits.min_length is not None and len(value) < limits.min_length:
            yield f"expected a length of at least {limits.min_length:g}, found {len(value)}"
        if limits.max_length is not None and len(value) > limits.max_length:
            yield f"expected a length of at most {limits.max_length:g}, found {len(value)}"
    if isinstance(value, str) and limits.pattern is not None and not re.search(limits.pattern, value):
        yield f"expected a text like {limits.pattern}, found {value}"


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    return f"{type(value).__name__} {value}" if isinstance(value, str | int | float) else type(value).__name__
