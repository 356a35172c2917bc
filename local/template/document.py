"""Reads the template: plain YAML, as Resource Orchestration Service (ROS) takes it, with the line of every value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]

from local.template.problems import Path, dotted

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class MalformedTemplate(Exception):
    """It is no YAML, or none that can be meant; the message names place and line."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its text, its values, and the line (from 1) where each of them begins."""

    text: str
    data: Mapping[str, Any]
    lines: Mapping[Path, int]

    def section(self, name: str) -> Mapping[str, Any]:
        """Return the section `Parameters`, `Resources` and so on; empty where there is none."""
        return mapping(self.data.get(name))

    def resources(self, resource_type: str = "") -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield path and definition of the resources, or of those of one type."""
        for name, resource in self.section("Resources").items():
            if isinstance(resource, Mapping) and resource_type in ("", resource.get("Type")):
                yield ("Resources", name), resource

    def line_of(self, path: Path) -> int:
        """Return the line of the value at `path`, or of what should hold it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def read_template(text: str) -> Template:
    """Return what a template's text says.

    Raises:
        MalformedTemplate: it is no YAML, no mapping at its top, names a key twice, or refers by `&` and `*`.

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
    """Return a mapping as it is, and anything else as an empty one: another rule says that it is wrong."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """Return a list as it is, and anything else as an empty one."""
    return value if isinstance(value, list) else []


def at(value: object, *path: object) -> Any:
    """Return what lies at `path` in a value, or None."""
    for step in path:
        if isinstance(step, int):
            items = listed(value)
            value = items[step] if step < len(items) else None
        else:
            value = mapping(value).get(step) if isinstance(step, str) else None
    return value


class _Reader:
    """Makes values of YAML's nodes, and notes their lines."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._scalars = yaml.constructor.SafeConstructor()
        self._seen: set[int] = set()

    def value(self, node: Any, path: Path) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if id(node) in self._seen:
            # The ROS pages do not say that it reads aliases, and a reader of the template would have to look for them.
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
            raise MalformedTemplate(f"line {line}: {dotted(path)} has a key that is no text")
        place = (*path, key)
        if place in self.lines:
            raise MalformedTemplate(f"line {line}: {dotted(place)} is there twice")
        value = self.value(value_node, place)
        self.lines[place] = line
        return key, value
