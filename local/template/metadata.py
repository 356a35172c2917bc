"""The vendor's typed metadata of ROS resource types, read as data out of the wheels `ros-cdk-*`.

Such a wheel holds `_jsii/<name>.jsii.tgz`, and in it `package/lib/<service>.generated.js`, with another such script of
the types that only look something up (`DATASOURCE::…`) under `datasource/`: for each resource type a validator
(required properties, types, ranges, allowed values, lengths, patterns), a renderer (how a template spells them) and a
class (attributes). The packages are never imported: that starts node. The script is generated, so its form
is regular. An unknown form raises an error: a check that is skipped in silence would count as passed.
"""

import json
import re
import tarfile
from importlib.util import find_spec
from pathlib import Path

from local.template.shapes import Limits, Property, ResourceType, Shape, ValueType

_BLOCK = r"\n(?P<body>.*?)^\}}"
_VALIDATOR = re.compile(rf"^function (\w+)Validator\(properties\) \{{{_BLOCK.format()}", re.MULTILINE | re.DOTALL)
_RENDERER = re.compile(rf"^function (\w+)ToRosTemplate\(properties.*?\{{{_BLOCK.format()}", re.MULTILINE | re.DOTALL)
_CLASS = re.compile(rf"^class (\w+) extends ros\.RosResource \{{{_BLOCK.format()}", re.MULTILINE | re.DOTALL)
_TYPE_NAME = re.compile(r'^(\w+)\.ROS_RESOURCE_TYPE_NAME = "([\w:]+)";', re.MULTILINE)
_CHECK = re.compile(
    r"ros\.propertyValidator\('(?P<name>\w+)', (?P<check>.+?)\)\((?:properties\.\w+|\{(?P<limits>.*?)\n\s*\})\)\);",
    re.DOTALL,
)
_SPELLING = re.compile(r"^\s*'(\w+)': .*\(properties\.(\w+)\),$", re.MULTILINE)
_LIMIT = re.compile(r"^\s*(\w+): (.+?),?$", re.MULTILINE)

_SCALARS = {
    "ros.validateString": ValueType("string"),
    "ros.validateNumber": ValueType("number"),
    "ros.validateBoolean": ValueType("boolean"),
    "ros.validateAny": ValueType("any"),
    "ros.validateAnyDict": ValueType("map"),
}


class MetadataUnreadable(Exception):
    """The metadata is missing, or has a form that this reader does not know."""


class Metadata:
    """The resource types of the installed wheels, each read when it is first asked for."""

    def __init__(self) -> None:
        self._scripts: dict[tuple[str, str], _Script] = {}
        self._types: dict[str, ResourceType | None] = {}

    def resource_type(self, name: str) -> ResourceType | None:
        """Return the type of that name, `ALIYUN::FC3::Trigger`, or None if the vendor has no such type.

        Raises:
            MetadataUnreadable: no installed wheel describes the service, or its script has an unknown form.

        """
        match = re.fullmatch(r"(ALIYUN|DATASOURCE)::(\w+)::\w+", name)
        if match is None:
            return None
        folder, service = "datasource/" if match[1] == "DATASOURCE" else "", match[2].lower()
        if (folder, service) not in self._scripts:
            self._scripts[folder, service] = _Script(_script_of(service, folder))
        if name not in self._types:
            self._types[name] = self._scripts[folder, service].resource_type(name)
        return self._types[name]


def archive_of(service: str) -> Path:
    """Return the path of the archive with a service's metadata.

    Raises:
        MetadataUnreadable: no installed wheel has it.

    """
    spec = find_spec(f"ros_cdk_{service}")
    folders = spec.submodule_search_locations if spec else None
    archives = [path for folder in folders or () for path in Path(folder).glob("_jsii/*.jsii.tgz")]
    if len(archives) != 1:
        raise MetadataUnreadable(f"the wheel ros-cdk-{service} is not among the development requirements")
    return archives[0]


def _script_of(service: str, folder: str) -> str:
    with tarfile.open(archive_of(service)) as archive:
        try:
            member = archive.extractfile(f"package/lib/{folder}{service}.generated.js")
        except KeyError:
            member = None
        if member is None:
            raise MetadataUnreadable(f"ros-cdk-{service} has no {folder}{service}.generated.js")
        return member.read().decode()


class _Script:
    """The validators, renderers and classes of one generated script."""

    def __init__(self, text: str) -> None:
        self._classes = {match[1]: match["body"] for match in _CLASS.finditer(text)}
        self._class_names = {type_name: name for name, type_name in _TYPE_NAME.findall(text)}
        self._validators = {match[1]: match["body"] for match in _VALIDATOR.finditer(text)}
        self._renderers = {match[1]: match["body"] for match in _RENDERER.finditer(text)}

    def resource_type(self, name: str) -> ResourceType | None:
        if name not in self._class_names:
            return None
        body = self._classes[self._class_names[name]]
        renderer = re.search(r"return (\w+)ToRosTemplate\(props", body)
        if renderer is None:
            raise MetadataUnreadable(f"{name} has no renderer")
        attributes = frozenset(re.findall(r"this\.getAtt\('([^']+)'\)", body))
        return ResourceType(name, self._shape(renderer[1]), attributes)

    def _shape(self, renderer: str) -> Shape:
        body = self._renderers[renderer]
        validator = re.search(r"(\w+)Validator\(properties\)\.assertSuccess", body)
        spellings = {property_name: spelling for spelling, property_name in _SPELLING.findall(body)}
        if validator is None or len(spellings) != body.count("(properties.") - body.count("Validator(properties."):
            raise MetadataUnreadable(f"the renderer {renderer} is of another form")
        return self._shape_of_validator(validator[1], spellings)

    def _shape_of_validator(self, validator: str, spellings: dict[str, str]) -> Shape:
        body = self._validators[validator]
        checks = list(_CHECK.finditer(body))
        if len(checks) != body.count("ros.propertyValidator("):
            raise MetadataUnreadable(f"the validator {validator} is of another form")
        properties: dict[str, Property] = {}
        for name in dict.fromkeys(check["name"] for check in checks):
            of_name = [(check["check"], check["limits"]) for check in checks if check["name"] == name]
            properties[spellings[name]] = self._property(of_name)
        return properties

    def _property(self, checks: list[tuple[str, str | None]]) -> Property:
        required, limits = False, Limits()
        value_type = ValueType("any")
        for check, given in checks:
            if given is not None:
                limits = _limits(check, given, limits)
            elif check == "ros.requiredValidator":
                required = True
            else:
                value_type = self._value_type(check)
        return Property(required, value_type, limits)

    def _value_type(self, check: str) -> ValueType:
        if check in _SCALARS:
            return _SCALARS[check]
        nested = re.fullmatch(r"ros\.(list|hash)Validator\((.+)\)", check)
        if nested is not None:
            return ValueType("list" if nested[1] == "list" else "map", item=self._value_type(nested[2]))
        if check.endswith("Validator") and check.removesuffix("Validator") in self._validators:
            # A validator RosRole_StatementProperty is rendered by rosRoleStatementProperty.
            name = check.removesuffix("Validator").replace("_", "")
            return ValueType("object", shape=self._shape(name[0].lower() + name[1:]))
        raise MetadataUnreadable(f"the check {check} is not known")


def _limits(check: str, given: str, limits: Limits) -> Limits:
    values = {key: value for key, value in _LIMIT.findall(given) if value != "undefined"}
    match check:
        case "ros.validateRange":
            return limits.but(minimum=_number(values.get("min")), maximum=_number(values.get("max")))
        case "ros.validateLength":
            return limits.but(min_length=_number(values.get("min")), max_length=_number(values.get("max")))
        case "ros.validateAllowedValues":
            return limits.but(allowed=tuple(json.loads(values["allowedValues"])))
        case "ros.validateAllowedPattern":
            return limits.but(pattern=values["reg"].removeprefix("/").removesuffix("/"))
    raise MetadataUnreadable(f"the limit {check} is not known")


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
