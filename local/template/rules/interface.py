"""The console's form of a template: groups, labels in each language, and pickers of its parameters.

Source: the ROS pages "Metadata" and "Parameters", and the templates that the vendor publishes (aliyun/ros-templates).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from local.template.document import at, listed, mapping
from local.template.intrinsics import PSEUDO_PARAMETERS, placeholders
from local.template.problems import Path, Problem
from local.template.shapes import kind_problem
from local.template.subject import Subject

LANGUAGES = ("en", "zh-cn")
INTERFACE = ("Metadata", "ALIYUN::ROS::Interface")
INTERFACE_KEYS = {"ParameterGroups", "TemplateTags"}
GROUP_KEYS = {"Label", "Parameters"}
PICKERS = {
    # What a picker lists, and the keys that narrow its list.
    "ALIYUN::OSS::Bucket::BucketName": {"RegionId"},
    "ALIYUN::ECS::VPC::VPCId": {"RegionId"},
    "ALIYUN::ECS::VSwitch::VSwitchId": {"RegionId", "VpcId", "ZoneId"},
    "ALIYUN::ECS::SecurityGroup::SecurityGroupId": {"RegionId", "VpcId"},
    "ALIYUN::APIG::Gateway::GatewayId": {"RegionId", "Keyword"},
}


def groups(subject: Subject) -> Iterator[Problem]:
    """Check that every parameter is in exactly one group of the form, and every group is named in each language."""
    template = subject.template
    for name in template.section("Metadata").keys() - {INTERFACE[1]}:
        yield Problem(("Metadata", name), f"expected {INTERFACE[1]}")
    interface = mapping(at(template.data, *INTERFACE))
    for name in interface.keys() - INTERFACE_KEYS:
        yield Problem((*INTERFACE, name), f"expected one of {', '.join(sorted(INTERFACE_KEYS))}")
    path: Path = (*INTERFACE, "ParameterGroups")
    grouped: Counter[str] = Counter()
    for position, group in enumerate(listed(interface.get("ParameterGroups"))):
        place = (*path, position)
        for name in mapping(group).keys() - GROUP_KEYS:
            yield Problem((*place, name), f"expected one of {', '.join(sorted(GROUP_KEYS))}")
        yield from _each_language(at(group, "Label", "default"), (*place, "Label", "default"))
        for number, name in enumerate(listed(at(group, "Parameters"))):
            grouped[str(name)] += 1
            if str(name) not in template.section("Parameters"):
                yield Problem((*place, "Parameters", number), f"expected a parameter, found {name}")
    for name in template.section("Parameters"):
        if grouped[name] != 1:
            yield Problem(("Parameters", name), f"expected it in one of the ParameterGroups, found in {grouped[name]}")


def labels(subject: Subject) -> Iterator[Problem]:
    """Check that every parameter has a label in each language."""
    for name, parameter in subject.template.section("Parameters").items():
        yield from _each_language(at(parameter, "Label"), ("Parameters", name, "Label"))


def pickers(subject: Subject) -> Iterator[Problem]:
    """Check that every picker exists, and refers to parameters of the template."""
    known = subject.template.section("Parameters").keys() | PSEUDO_PARAMETERS
    for name, parameter in subject.template.section("Parameters").items():
        path: Path = ("Parameters", name)
        picker, narrowed_by = at(parameter, "AssociationProperty"), at(parameter, "AssociationPropertyMetadata")
        if picker is None and narrowed_by is None:
            continue
        if str(picker) not in PICKERS:
            yield Problem((*path, "AssociationProperty"), f"expected one of {', '.join(PICKERS)}")
            continue
        for key, value in mapping(narrowed_by).items():
            place = (*path, "AssociationPropertyMetadata", key)
            if key not in PICKERS[str(picker)]:
                yield Problem(place, f"expected one of {', '.join(sorted(PICKERS[str(picker)]))}")
            for target in placeholders(str(value)):
                if target not in known:
                    yield Problem(place, f"expected a parameter, found {target}")


def _each_language(value: Any, path: Path) -> Iterator[Problem]:
    for language in LANGUAGES:
        text = at(value, language)
        if problem := kind_problem(text, "string"):
            yield Problem((*path, language), problem)
        elif not text.strip():
            yield Problem((*path, language), "expected a text that is not empty")
