"""The ROS functions in a template, and the parameters, resources and conditions that they refer to.

Source: the ROS pages "Functions" and "Pseudo parameters". Only the functions that `template.yml` uses are known here.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from local.template.problems import Path

NO_VALUE = "ALIYUN::NoValue"
"""A Ref to this pseudo parameter removes the property."""

PSEUDO_PARAMETERS = {"ALIYUN::Region", "ALIYUN::TenantId", "ALIYUN::StackName", "ALIYUN::StackId", NO_VALUE}

CONDITION_FUNCTIONS = {"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not"}
"""The functions of conditions; they are allowed nowhere else."""

TEXT_FUNCTIONS = {"Fn::Sub", "Fn::Join", "Fn::Str", "Fn::Replace"}
"""The functions whose result is always a text."""

FUNCTIONS = {"Ref", "Fn::GetAtt", "Fn::If", "Fn::FindInMap", "Fn::Select"} | TEXT_FUNCTIONS | CONDITION_FUNCTIONS

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


class Reference(NamedTuple):
    """A reference to a parameter or resource by name, to an attribute of a resource, or to a condition."""

    path: Path
    target: str
    attribute: str | None = None
    is_condition: bool = False


def call(value: object) -> tuple[str, Any] | None:
    """Return name and argument of a function call, `{"Ref": "Site"}`; None for any other value."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Ref" or str(name).startswith("Fn::"):
            return str(name), argument
    return None


def is_no_value(value: object) -> bool:
    """Whether a value removes its property."""
    return call(value) == ("Ref", NO_VALUE)


def calls(value: object, path: Path) -> Iterator[tuple[Path, str, Any]]:
    """Yield path, name and argument of every function call within a value."""
    found = call(value)
    if found is not None:
        name, argument = found
        yield path, name, argument
        yield from calls(argument, (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from calls(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from calls(item, (*path, position))


def references(value: object, path: Path) -> Iterator[Reference]:
    """Yield the references of the function calls within a value; a broken call has none."""
    for place, name, argument in calls(value, path):
        match name, argument:
            case "Ref", str():
                yield Reference(place, argument)
            case "Fn::GetAtt", [str() as target, str() as attribute]:
                yield Reference(place, target, attribute)
            case "Fn::If", [str() as condition, _, _]:
                yield Reference(place, condition, is_condition=True)
            case (("Fn::And" | "Fn::Or"), list(parts)):
                yield from (Reference(place, part, is_condition=True) for part in parts if isinstance(part, str))
            case "Fn::Not", str():
                yield Reference(place, argument, is_condition=True)
            case "Fn::Sub", str():
                for name_in_text in placeholders(argument):
                    target, dot, attribute = name_in_text.partition(".")
                    yield Reference(place, target, attribute if dot else None)
            case _:
                pass


def placeholders(text: str) -> list[str]:
    """Return the names in the `${...}` of a text for Fn::Sub."""
    return _PLACEHOLDER.findall(text)
