"""Every function exists in ROS, and its reference exists in the template wherever it is needed.

Source: the ROS pages of the functions, "Conditions" and "Pseudo parameters".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import at, listed, mapping
from local.template.intrinsics import (
    CONDITION_FUNCTIONS,
    FUNCTIONS,
    PSEUDO_PARAMETERS,
    Reference,
    call,
    calls,
    is_no_value,
    references,
)
from local.template.metadata import MetadataUnreadable
from local.template.problems import Path, Problem
from local.template.shapes import kind_problem
from local.template.subject import Subject

_ARGUMENTS: Mapping[str, int] = {
    "Fn::GetAtt": 2,
    "Fn::If": 3,
    "Fn::FindInMap": 3,
    "Fn::Select": 2,
    "Fn::Join": 2,
    "Fn::Replace": 2,
    "Fn::Equals": 2,
}
"""The length of the list that a function takes."""

_NAMES: Mapping[str, int] = {"Fn::GetAtt": 2, "Fn::If": 1, "Fn::FindInMap": 1}
"""The number of names at the start of that list."""


def functions(subject: Subject) -> Iterator[Problem]:
    """Check that every function is known, has the right arguments, and is used where it is allowed."""
    for path, name, argument in calls(dict(subject.template.data), ()):
        if name not in FUNCTIONS:
            yield Problem((*path, name), f"expected one of {', '.join(sorted(FUNCTIONS))}")
        elif name in ("Ref", "Fn::Sub") and not isinstance(argument, str):
            yield Problem((*path, name), "expected a text")
        elif name in _ARGUMENTS and (not isinstance(argument, list) or len(argument) != _ARGUMENTS[name]):
            yield Problem((*path, name), f"expected a list of {_ARGUMENTS[name]}")
        elif name in _NAMES:
            for position, wanted in enumerate(argument[: _NAMES[name]]):
                if problem := kind_problem(wanted, "string"):
                    yield Problem((*path, name, position), problem)
        if name in CONDITION_FUNCTIONS and path[:1] != ("Conditions",):
            yield Problem((*path, name), "expected under Conditions only")


def targets(subject: Subject) -> Iterator[Problem]:
    """Check that everything referred to exists: parameters, resources, attributes, conditions, entries of mappings."""
    template = subject.template
    known = template.section("Parameters").keys() | template.section("Resources").keys() | PSEUDO_PARAMETERS
    for reference in references(dict(template.data), ()):
        if reference.is_condition:
            if reference.target not in template.section("Conditions"):
                yield Problem(reference.path, f"expected a condition, found {reference.target}")
        elif reference.attribute is not None:
            yield from _attribute(subject, reference)
        elif reference.target not in known:
            yield Problem(reference.path, f"expected a parameter or resource, found {reference.target}")
    for path, name, argument in calls(dict(template.data), ()):
        if name == "Fn::FindInMap" and isinstance(argument, list) and len(argument) == 3:
            yield from _entry(subject, path, argument)
    for section in ("Resources", "Outputs"):
        for name, item in template.section(section).items():
            yield from _named_in(subject, (section, name), mapping(item))


def reachable(subject: Subject) -> Iterator[Problem]:
    """Check that nothing refers to a resource that its own condition may leave out."""
    for section in ("Resources", "Outputs"):
        for name, item in subject.template.section(section).items():
            here = {str(mapping(item).get("Condition"))}
            yield from _reachable(subject, item, (section, name), here)


def removals(subject: Subject) -> Iterator[Problem]:
    """Check that only a property is removed, and never an item of a list.

    ALIYUN::NoValue is documented to remove a property. As an item it is in no template that the vendor publishes.
    """
    for section in ("Resources", "Outputs"):
        yield from _removals(subject.template.section(section), (section,), in_list=False)


def _removals(value: Any, path: Path, *, in_list: bool) -> Iterator[Problem]:
    if is_no_value(value):
        if in_list:
            yield Problem(path, "expected no ALIYUN::NoValue as an item of a list; choose between two lists")
        return
    match call(value):
        case "Fn::If", [_, then, otherwise]:
            for position, branch in ((1, then), (2, otherwise)):
                yield from _removals(branch, (*path, "Fn::If", position), in_list=in_list)
            return
        case _:
            pass
    if isinstance(value, dict):
        for step, item in value.items():
            yield from _removals(item, (*path, step), in_list=False)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _removals(item, (*path, position), in_list=True)


def _reachable(subject: Subject, value: Any, path: Path, here: set[str]) -> Iterator[Problem]:
    match call(value):
        case "Fn::If", [str() as condition, then, otherwise]:
            yield from _reachable(subject, then, (*path, "Fn::If", 1), here | {condition})
            yield from _reachable(subject, otherwise, (*path, "Fn::If", 2), here)
            return
        case None:
            steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            for step, item in steps:
                yield from _reachable(subject, item, (*path, step), here)
            return
        case _:
            pass
    for reference in references(value, path):
        condition = at(subject.template.data, "Resources", reference.target, "Condition")
        if condition is not None and str(condition) not in here:
            yield Problem(reference.path, f"expected under the condition {condition}, as {reference.target} is")


def _attribute(subject: Subject, reference: Reference) -> Iterator[Problem]:
    resource = at(subject.template.data, "Resources", reference.target)
    if resource is None:
        yield Problem(reference.path, f"expected a resource, found {reference.target}")
        return
    try:
        resource_type = subject.vendor.metadata.resource_type(str(at(resource, "Type")))
    except MetadataUnreadable:
        return  # properties.vendors_metadata reports it
    if resource_type is not None and reference.attribute not in resource_type.attributes:
        known = ", ".join(sorted(resource_type.attributes)) or "none"
        yield Problem(
            reference.path, f"expected an attribute of {resource_type.name} ({known}), found {reference.attribute}"
        )


def _entry(subject: Subject, path: Path, argument: list[Any]) -> Iterator[Problem]:
    name, first, second = argument
    keys = [first]
    if isinstance(first, dict):
        values = at(subject.template.data, "Parameters", str(first.get("Ref")), "AllowedValues")
        keys = listed(values) or ["(any value)"]
    for key in keys:
        if at(subject.template.data, "Mappings", str(name), str(key), str(second)) is None:
            yield Problem((*path, "Fn::FindInMap"), f"expected an entry {name}.{key}.{second} under Mappings")


def _named_in(subject: Subject, path: Path, item: Mapping[str, Any]) -> Iterator[Problem]:
    condition = item.get("Condition")
    if "Condition" in item and str(condition) not in subject.template.section("Conditions"):
        yield Problem((*path, "Condition"), f"expected a condition, found {condition}")
    needed = item.get("DependsOn", [])
    for name in needed if isinstance(needed, list) else [needed]:
        if str(name) not in subject.template.section("Resources"):
            yield Problem((*path, "DependsOn"), f"expected a resource, found {name}")
