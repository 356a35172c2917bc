"""Evaluates a template for given parameters, as far as ROS can before it creates a resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.template.document import Template, at
from local.template.intrinsics import call, is_no_value, placeholders

PSEUDO_VALUES = {
    "ALIYUN::Region": "cn-hangzhou",
    "ALIYUN::TenantId": "1234567890123456",
    "ALIYUN::StackName": "my-stack",
    "ALIYUN::StackId": "4a6c9851-3b0f-4f5f-b4ca-a14bf692dbd5",
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A template with values for its parameters.

    An attribute of a resource stays a placeholder, `<LogProject.Name>`, and so does a parameter without a value.
    """

    template: Template
    parameters: Mapping[str, Any]

    def value(self, value: Any) -> Any:
        """Return a value with its functions evaluated; None if that is impossible, or the value is removed."""
        found = call(value)
        if found is not None:
            return self._called(*found)
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items() if not is_no_value(item)}
        if isinstance(value, list):
            return [item for item in map(self.value, value) if item is not None]
        return value

    def properties(self, name: str) -> Any:
        """Return the properties of a resource, evaluated."""
        return self.value(at(self.template.data, "Resources", name, "Properties"))

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template is true."""
        return self._holds(at(self.template.data, "Conditions", condition))

    def _called(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Ref", str():
                return self._named(argument)
            case "Fn::GetAtt", [target, attribute]:
                return f"<{target}.{attribute}>"
            case "Fn::Str", _:
                return str(self.value(argument))
            case "Fn::Sub", str():
                return self._substituted(argument)
            case "Fn::Join", [separator, list(parts)]:
                return str(separator).join(str(self.value(part)) for part in parts)
            case "Fn::Replace", [dict(changes), text]:
                replaced = str(self.value(text))
                for old, new in changes.items():
                    replaced = replaced.replace(old, str(new))
                return replaced
            case "Fn::FindInMap", [map_name, first, second]:
                return at(self.template.data, "Mappings", map_name, str(self.value(first)), str(self.value(second)))
            case "Fn::Select", [position, items]:
                return self._selected(position, items)
            case "Fn::If", [condition, then, otherwise]:
                return self.value(then if self.holds(str(condition)) else otherwise)
            case _:
                return None

    def _selected(self, position: Any, items: Any) -> Any:
        """Return an item of a list; of an attribute, whose items are not known, a placeholder: `<Zones.Ids[0]>`."""
        found = self.value(items)
        if isinstance(found, str) and found.endswith(">"):
            return f"{found[:-1]}[{position}]>"
        return at(found, int(position)) if str(position).isdecimal() else None

    def _named(self, name: str) -> Any:
        if name in self.template.section("Parameters"):
            return self.parameters.get(name, f"<{name}>")
        return PSEUDO_VALUES.get(name)

    def _substituted(self, text: str) -> str:
        for name in placeholders(text):
            known = self._named(name)
            text = text.replace(f"${{{name}}}", f"<{name}>" if known is None else str(known))
        return text

    def _holds(self, condition: Any) -> bool:
        if isinstance(condition, str):
            return self.holds(condition)
        match call(condition):
            case "Fn::Equals", [left, right]:
                return bool(self.value(left) == self.value(right))
            case "Fn::Not", inner:
                return not self._holds(inner)
            case "Fn::And", list(parts):
                return all(map(self._holds, parts))
            case "Fn::Or", list(parts):
                return any(map(self._holds, parts))
            case _:
                return False


def with_defaults(template: Template) -> Evaluation:
    """Return the template with the defaults of its parameters."""
    return Evaluation(template, defaults_of(template))


def defaults_of(template: Template) -> dict[str, Any]:
    """Return the default of every parameter that has one."""
    parameters = template.section("Parameters").items()
    return {name: parameter["Default"] for name, parameter in parameters if at(parameter, "Default") is not None}
