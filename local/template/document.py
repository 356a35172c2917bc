"""Reads a template of Resource Orchestration Service (ROS): plain YAML, with the line of every value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped] # ships no types

from local.template.problems import Path, dotted

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class MalformedTemplate(Exception):
    """The text is not a template; the message names the line, and the place where there is one."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its text, its values, and the line (from 1) where each of them begins."""

    text: str
    data: Mapping[str, Any]
    lines: Mapping[Path, int]

    def section(self, name: str) -> Mapping[str, Any]:
        """Return the section `Parameters`, `Resources` and so on; an empty one if it is missing."""
        return mapping(self.data.get(name))

    def resources(self, resource_type: str = "") -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield path and definition of the resources, or of those of one type."""
        for name, resource in self.section("Resources").items():
            if isinstance(resource, Mapping) and resource_type in ("", resource.get("Type")):
                yield ("Resources", name), resource

    def line_of(self, path: Path) -> int:
        """Return the line of the value at `path`; if there is none, of the innermost value around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def locate(self, path: Path, message: str) -> str:
        """Return a message with its place: `line 36: Resources.LogStore.Properties.TTL: expected a number`."""
        return f"line {self.line_of(path)}: {dotted(path)}: {message}"


def read_template(text: str) -> Template:
    """Return the template in a text.

    Raises:
        MalformedTemplate: it is not YAML, not a mapping, has a key twice, or uses the aliases of YAML (`&` and `*`).

    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise MalformedTemplate(f"not YAML: {' '.join(str(error).split())}") from None
    reader = _Reader()
    data = reader.value(root, ()) if root is not None else None
    if not isinstance(data, Mapping):
        raise MalformedTemplate("line 1: the template must be a mapping of sections")
    return Template(text, data, reader.lines)


def mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping as it is, and an empty one for any other value, which another rule reports."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """Return a list as it is, and an empty one for any other value."""
    return value if isinstance(value, list) else []


def at(value: object, *path: object) -> Any:
    """Return the value at `path` in a value, or None."""
    for step in path:
        if isinstance(step, int):
            items = listed(value)
            value = items[step] if step < len(items) else None
        else:
            value = mapping(value).get(step) if isinstance(step, str) else None
    return value


class _Reader:
    """Turns YAML nodes into values, and keeps their lines."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._scalars = yaml.constructor.SafeConstructor()
        self._seen: set[int] = set()

    def value(self, node: Any, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if id(node) in self._seen:
            # The ROS pages do not mention aliases, and a reader of the template would have to look them up.
            raise MalformedTemplate(f"line {self.lines[path]}: {dotted(path)} is there twice, by & and *; write it out")
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return self._scalars.construct_object(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, position)) for position, item in enumerate(node.value)]
        return dict(self._item(key, value, path) for key, value in node.value)

    def _item(self, key_node: Any, value_node: Any, path: Path) -> tuple[str, Any]:
        key, line = key_node.value, key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise MalformedTemplate(f"line {line}: {dotted(path)} has a key that is not a text")
        place = (*path, key)
        if place in self.lines:
            raise MalformedTemplate(f"line {line}: {dotted(place)} is there twice")
        value = self.value(value_node, place)
        self.lines[place] = line
        return key, value
