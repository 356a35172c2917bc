"""The template's parameters, and the values that are given for them.

Source of the declarations: the vendor's page "Parameters" of Resource Orchestration Service (ROS).
"""

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.account import WrongCall
from local.account.store_parameters import faults_of_new_store, faults_of_store
from local.template.document import Template, listed, mapping

OURS = ("CodeBucket", "CodeObject", "Runtime")
"""Parameters that follow from what is deployed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the template, with its declaration."""

    name: str
    declared: Mapping[str, Any]

    @property
    def secret(self) -> bool:
        """Whether its value must not be shown."""
        return bool(self.declared.get("NoEcho"))

    @property
    def required(self) -> bool:
        """Whether a new stack needs a value for it."""
        return "Default" not in self.declared

    def shown(self, value: str | None) -> str:
        """Return a value as it may be shown."""
        if value is None:
            return "-"
        return "****" if self.secret and value else value or "''"

    def accepts(self, value: str) -> bool:
        """Tell whether the declaration allows a value."""
        declared, kind = self.declared, self.declared.get("Type")
        if kind == "Boolean" and value not in ("true", "false"):
            return False
        if kind == "Number" and not _is_within(value, declared.get("MinValue"), declared.get("MaxValue")):
            return False
        allowed = listed(declared.get("AllowedValues"))
        if allowed and not any(_is_same(each, value) for each in allowed):
            return False
        if kind in ("Number", "Boolean"):
            return True
        if not _is_within(str(len(value)), declared.get("MinLength"), declared.get("MaxLength")):
            return False
        return re.fullmatch(str(declared.get("AllowedPattern", ".*")), value, re.DOTALL) is not None

    @property
    def allowed(self) -> str:
        """What the declaration allows, in words."""
        declared = self.declared
        if allowed := listed(declared.get("AllowedValues")):
            return f"one of {', '.join(map(str, allowed))}"
        if declared.get("Type") == "Boolean":
            return "true or false"
        if declared.get("Type") == "Number":
            return f"a number{_range(declared.get('MinValue'), declared.get('MaxValue'))}"
        length = _range(declared.get("MinLength"), declared.get("MaxLength"))
        pattern = f" that matches {declared['AllowedPattern']}" if "AllowedPattern" in declared else ""
        return f"text{f' of{length} characters' if length else ''}{pattern}"


def read_parameters(template: Template) -> dict[str, Parameter]:
    """Return the template's parameters by name, in its order.

    Raises:
        WrongCall: those that follow from what is deployed are not among them.

    """
    declared = {name: Parameter(name, mapping(each)) for name, each in template.section("Parameters").items()}
    if missing := [name for name in OURS if name not in declared]:
        raise WrongCall(f"The template has no parameter {', '.join(missing)}.")
    return declared


def check_values(declared: Mapping[str, Parameter], values: Mapping[str, str]) -> None:
    """Check values against the template; what is at fault in all of them is told at once.

    Raises:
        WrongCall: a name is unknown or not to be given, or a value is not allowed; no value is repeated.

    """
    if faults := [*_faults(declared, values), *faults_of_store(values)]:
        raise WrongCall("\n".join(faults))


def check_new(declared: Mapping[str, Parameter], values: Mapping[str, str]) -> None:
    """Check that a new stack would have a value for each parameter, and those of its store together.

    Raises:
        WrongCall: one without a default has none, or the store cannot be used.

    """
    if faults := list(faults_of_new_store(values)):
        raise WrongCall("\n".join(faults))
    if missing := [each.name for each in declared.values() if each.required and each.name not in {*values, *OURS}]:
        raise WrongCall(f"A new stack needs a value for {', '.join(missing)}: make deploy PARAMETERS='NAME=VALUE …'")


def _faults(declared: Mapping[str, Parameter], values: Mapping[str, str]) -> Iterator[str]:
    for name, value in sorted(values.items()):
        if name in OURS:
            yield f"{name} follows from what is deployed; give BUCKET, RUNTIME or CODE_OBJECT instead."
        elif name not in declared:
            names = [each for each in declared if each not in OURS]
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the template has {', '.join(names)}."
            yield f"{name if name.isidentifier() else 'A name'} is not a parameter: {hint}"
        elif not declared[name].accepts(value):
            yield f"{name} must be {declared[name].allowed}."


def _is_same(allowed: Any, value: str) -> bool:
    if isinstance(allowed, bool) or not isinstance(allowed, (int, float)):
        return str(allowed).lower() == value if isinstance(allowed, bool) else str(allowed) == value
    number = _number(value)
    return number is not None and number == allowed


def _is_within(value: str, least: Any, most: Any) -> bool:
    number = _number(value)
    if number is None:
        return False
    return (least is None or number >= float(least)) and (most is None or number <= float(most))


def _number(text: str) -> float | None:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _range(least: Any, most: Any) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f" at least {least}"
    return f" at most {most}" if least is None else f" {least} to {most}"
