"""The template has the structure that ROS defines, and nothing in it is unused or undescribed.

Source: the ROS pages "Template structure", "Parameters" and "Outputs".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import listed, mapping
from local.template.intrinsics import CONDITION_FUNCTIONS, call, references
from local.template.problems import Path, Problem
from local.template.shapes import Kind, Limits, kind_problem, limit_problems
from local.template.subject import Subject

MAX_BYTES = 524_288
"""The limit of CreateStack for TemplateBody."""

SECTIONS = {
    "ROSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
}
RESOURCE_KEYS = {"Type", "Properties", "Condition", "DependsOn", "DeletionPolicy"}
OUTPUT_KEYS = {"Description", "Condition", "Value"}
PARAMETER_KINDS: Mapping[str, Kind] = {"String": "string", "Number": "number", "Boolean": "boolean"}
PARAMETER_LIMITS: Mapping[str, tuple[str, Kind]] = {
    "AllowedValues": ("allowed", "list"),
    "AllowedPattern": ("pattern", "string"),
    "MinLength": ("min_length", "number"),
    "MaxLength": ("max_length", "number"),
    "MinValue": ("minimum", "number"),
    "MaxValue": ("maximum", "number"),
}
PARAMETER_KEYS = {
    *("Type", "Label", "Description", "Default", "NoEcho", "AssociationProperty", "AssociationPropertyMetadata"),
    *PARAMETER_LIMITS,
}


def sections(subject: Subject) -> Iterator[Problem]:
    """Check the version, the size, and that ROS knows every section."""
    template = subject.template
    if template.data.get("ROSTemplateFormatVersion") != "2015-09-01":
        yield Problem(("ROSTemplateFormatVersion",), "expected '2015-09-01'")
    for name in template.data.keys() - SECTIONS:
        yield Problem((name,), f"expected one of the sections {', '.join(sorted(SECTIONS))}")
    if len(template.text.encode()) > MAX_BYTES:
        yield Problem((), f"expected at most {MAX_BYTES} bytes")


def resources(subject: Subject) -> Iterator[Problem]:
    """Check that every resource has a type, and only keys that ROS knows."""
    for name, resource in subject.template.section("Resources").items():
        if problem := kind_problem(resource, "object"):
            yield Problem(("Resources", name), problem)
    for path, resource in subject.template.resources():
        yield from _unknown_keys(resource, path, RESOURCE_KEYS)
        if "Type" not in resource:
            yield Problem((*path, "Type"), "expected a resource type")


def parameters(subject: Subject) -> Iterator[Problem]:
    """Check that every parameter is described and used, and its default is one of the values that it takes."""
    used = _referred(subject)
    for name, parameter in subject.template.section("Parameters").items():
        path: Path = ("Parameters", name)
        parameter = mapping(parameter)
        yield from _unknown_keys(parameter, path, PARAMETER_KEYS)
        if not parameter.get("Description") or kind_problem(parameter["Description"], "string"):
            yield Problem((*path, "Description"), "expected a description")
        if name not in used:
            yield Problem(path, "expected something in the template to refer to it")
        kind = PARAMETER_KINDS.get(str(parameter.get("Type")))
        if kind is None:
            yield Problem((*path, "Type"), f"expected one of {', '.join(PARAMETER_KINDS)}")
            continue
        for key, (_, limit_kind) in PARAMETER_LIMITS.items():
            if key in parameter and (problem := kind_problem(parameter[key], limit_kind)):
                yield Problem((*path, key), problem)
        for position, value in enumerate(listed(parameter.get("AllowedValues"))):
            if problem := kind_problem(value, kind):
                yield Problem((*path, "AllowedValues", position), problem)
        if "Default" in parameter:
            wrong = kind_problem(parameter["Default"], kind)
            for message in [wrong] if wrong else limit_problems(parameter["Default"], limits_of(parameter)):
                yield Problem((*path, "Default"), message)


def conditions(subject: Subject) -> Iterator[Problem]:
    """Check that every condition is made of the functions for it, does not depend on itself, and is used."""
    used = _referred(subject)
    all_conditions = subject.template.section("Conditions")
    for name, condition in all_conditions.items():
        found = call(condition)
        if found is None or found[0] not in CONDITION_FUNCTIONS:
            yield Problem(("Conditions", name), f"expected one of {', '.join(sorted(CONDITION_FUNCTIONS))}")
        if name not in used:
            yield Problem(("Conditions", name), "expected something in the template to depend on it")
        if name in _dependencies(name, all_conditions):
            yield Problem(("Conditions", name), "expected no condition that depends on itself")


def outputs(subject: Subject) -> Iterator[Problem]:
    """Check that every output has a value and a description."""
    for name, output in subject.template.section("Outputs").items():
        yield from _unknown_keys(mapping(output), ("Outputs", name), OUTPUT_KEYS)
        description = mapping(output).get("Description")
        if not description or kind_problem(description, "string"):
            yield Problem(("Outputs", name, "Description"), "expected a description")
        if not mapping(output).get("Value"):
            yield Problem(("Outputs", name, "Value"), "expected a value")


def limits_of(parameter: Mapping[str, Any]) -> Limits:
    """Return the limits of a parameter's values, without those of a wrong type."""
    set_limits: dict[str, Any] = {
        field: tuple(parameter[key]) if field == "allowed" else parameter[key]
        for key, (field, kind) in PARAMETER_LIMITS.items()
        if key in parameter and kind_problem(parameter[key], kind) is None
    }
    return Limits(**set_limits)


def _referred(subject: Subject) -> set[str]:
    found = {reference.target for reference in references(dict(subject.template.data), ())}
    for section in ("Resources", "Outputs"):
        found |= {str(mapping(item).get("Condition")) for item in subject.template.section(section).values()}
    return found


def _dependencies(name: str, all_conditions: Mapping[str, Any]) -> set[str]:
    """Return the conditions that a condition depends on, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        refers = references(all_conditions.get(waiting.pop()), ())
        direct = {reference.target for reference in refers if reference.is_condition} - found
        found |= direct
        waiting += direct
    return found


def _unknown_keys(item: Mapping[str, Any], path: Path, known: set[str]) -> Iterator[Problem]:
    for key in item.keys() - known:
        yield Problem((*path, key), f"expected one of {', '.join(sorted(known))}")
