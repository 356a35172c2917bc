"""Every property is in the vendor's metadata, and its value has the type and keeps the limits given there."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import at, listed, mapping
from local.template.intrinsics import TEXT_FUNCTIONS, call, is_no_value
from local.template.metadata import MetadataUnreadable
from local.template.problems import Path, Problem
from local.template.rules.structure import PARAMETER_KINDS
from local.template.sdk_models import ALLOWED_VALUES, TRIGGER_CONFIGS
from local.template.shapes import Limits, Property, Shape, ValueType, kind_problem, limit_problems
from local.template.subject import Subject


def vendors_metadata(subject: Subject) -> Iterator[Problem]:
    """Check resource types, and names, types, limits and presence of properties, by the vendor's metadata."""
    for path, resource in subject.template.resources():
        name = str(resource.get("Type"))
        try:
            resource_type = subject.vendor.metadata.resource_type(name)
        except MetadataUnreadable as error:
            yield Problem((*path, "Type"), f"expected a type that metadata is installed for: {error}")
            continue
        if resource_type is None:
            yield Problem((*path, "Type"), f"expected a resource type of the vendor's metadata, found {name}")
        else:
            place = (*path, "Properties")
            yield from _object(subject, resource.get("Properties", {}), resource_type.properties, place)


def trigger_configs(subject: Subject) -> Iterator[Problem]:
    """Check the keys of each TriggerConfig, their types and values, by the models of the Function Compute SDK."""
    for path, resource in subject.template.resources("ALIYUN::FC3::Trigger"):
        properties = mapping(resource.get("Properties"))
        trigger_type = str(properties.get("TriggerType"))
        if trigger_type not in TRIGGER_CONFIGS:
            place = (*path, "Properties", "TriggerType")
            yield Problem(place, f"expected one of {', '.join(TRIGGER_CONFIGS)}, found {trigger_type}")
            continue
        model = TRIGGER_CONFIGS[trigger_type]
        shape = subject.vendor.models.shape(model) if model else {}
        place = (*path, "Properties", "TriggerConfig")
        yield from _object(subject, properties.get("TriggerConfig", {}), shape, place)


def _object(subject: Subject, value: Any, shape: Shape, path: Path) -> Iterator[Problem]:
    problem = kind_problem(value, "object")
    if problem is not None:
        yield Problem(path, problem)
        return
    for name in value.keys() - shape.keys():
        yield Problem((*path, name), f"expected one of {', '.join(sorted(shape))}")
    for name, wanted in shape.items():
        if wanted.required and (name not in value or is_no_value(value[name])):
            yield Problem((*path, name), "expected this required property")
        if name in value:
            yield from _property(subject, value[name], _with_allowed_values(name, wanted), (*path, name))


def _with_allowed_values(name: str, wanted: Property) -> Property:
    if wanted.limits.allowed or name not in ALLOWED_VALUES:
        return wanted
    return Property(wanted.required, wanted.type, wanted.limits.but(allowed=ALLOWED_VALUES[name]))


def _property(subject: Subject, value: Any, wanted: Property, path: Path) -> Iterator[Problem]:
    match call(value):
        case None:
            yield from _plain(subject, value, wanted.type, wanted.limits, path)
        case "Fn::If", [_, then, otherwise]:
            for position, branch in ((1, then), (2, otherwise)):
                if not is_no_value(branch):
                    yield from _property(subject, branch, wanted, (*path, "Fn::If", position))
        case "Ref", str() as name if name in subject.template.section("Parameters"):
            yield from _parameter(name, at(subject.template.data, "Parameters", name), wanted, path)
        case name, _ if name in TEXT_FUNCTIONS:
            text = subject.by_default.value(value)
            if wanted.type.kind not in ("string", "any"):
                yield Problem(path, f"expected {wanted.type.kind}, found the text of {name}")
            elif not isinstance(text, str):
                yield Problem((*path, name), "expected arguments that it can be evaluated with")
            elif "<" not in text:
                yield from (Problem(path, message) for message in limit_problems(text, wanted.limits))
        case _:
            # The value of an attribute or of a mapping is not known to the metadata.
            pass


def _plain(subject: Subject, value: Any, wanted: ValueType, limits: Limits, path: Path) -> Iterator[Problem]:
    problem = kind_problem(value, wanted.kind)
    if problem is not None:
        yield Problem(path, problem)
        return
    yield from (Problem(path, message) for message in limit_problems(value, limits))
    if wanted.shape is not None:
        yield from _object(subject, value, wanted.shape, path)
    elif wanted.item is not None:
        steps: Iterator[tuple[Any, Any]] = iter(value.items() if isinstance(value, Mapping) else enumerate(value))
        for step, item in steps:
            yield from _property(subject, item, Property(required=False, type=wanted.item), (*path, step))


def _parameter(name: str, parameter: Any, wanted: Property, path: Path) -> Iterator[Problem]:
    """Yield the problems of a reference to a parameter: values that the parameter takes and the property does not."""
    kind = PARAMETER_KINDS.get(str(at(parameter, "Type")))
    if kind is not None and wanted.type.kind not in (kind, "any"):
        yield Problem(path, f"expected {wanted.type.kind}, found the {kind} of the parameter {name}")
        return
    ends = [at(parameter, key) for key in ("Default", "MinValue", "MaxValue")]
    values = [*(value for value in ends if value not in (None, "")), *listed(at(parameter, "AllowedValues"))]
    messages = {message for value in values for message in limit_problems(value, wanted.limits)}
    yield from (Problem(path, f"{message} among the values of the parameter {name}") for message in sorted(messages))
