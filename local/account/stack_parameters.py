"""The template's parameters: which there are, and the values that are given for them.

Source of `Parameters`, `Default` and `NoEcho`: the vendor's page "Parameters" of Resource Orchestration Service.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml  # type: ignore[import-untyped] # ships no types

from local.account import DeployError

OURS = ("CodeBucket", "CodeObject", "Runtime")
"""Parameters that follow from what is deployed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the template; `secret` where its value must not be shown, `required` where it has no default."""

    name: str
    secret: bool
    required: bool


def read_parameters(template: Path) -> list[Parameter]:
    """Return the parameters of a ROS template.

    Raises:
        DeployError: the file cannot be read, or has none.

    """
    try:
        # Nodes, not values: a loader would have to know the short forms of ROS functions, as `!Ref`.
        document = _fields(yaml.compose(template.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
        declared = {name: _fields(each) for name, each in _fields(document["Parameters"]).items()}
    except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise DeployError(f"{template} is not a template with parameters: {error}") from None
    return [Parameter(name, _is_true(each.get("NoEcho")), "Default" not in each) for name, each in declared.items()]


def read_values(words: str, file: Path | None) -> dict[str, str]:
    """Return the values in `words`, which are `NAME=VALUE` quoted as in a shell, and in `file`, one JSON object.

    Raises:
        DeployError: either cannot be read; no value is repeated, since it may be a secret.

    """
    values: dict[str, str] = {}
    if file:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DeployError(f"PARAMETERS_FILE={file} cannot be read: {error}") from None
        if not isinstance(document, dict) or not all(isinstance(each, (str, int, float)) for each in document.values()):
            raise DeployError(f"PARAMETERS_FILE={file} must be one JSON object of texts, numbers and booleans.")
        values = {name: each if isinstance(each, str) else json.dumps(each) for name, each in document.items()}
    try:
        given = shlex.split(words)
    except ValueError as error:
        raise DeployError(f"PARAMETERS cannot be read: {error}") from None
    for position, word in enumerate(given, start=1):
        name, equals, value = word.partition("=")
        if not equals:
            raise DeployError(f"PARAMETERS: word {position} is not NAME=VALUE; quote a value that has blanks.")
        values[name] = value
    return values


def check_values(parameters: list[Parameter], values: Mapping[str, str]) -> None:
    """Check the names in `values` against the template's.

    Raises:
        DeployError: one is unknown, or is set by what is deployed.

    """
    known = {parameter.name for parameter in parameters}
    missing = [name for name in OURS if name not in known]
    if missing:
        raise DeployError(f"The template has no parameter {', '.join(missing)}.")
    if taken := sorted(set(values) & set(OURS)):
        raise DeployError(f"{', '.join(taken)} follows from what is deployed; give BUCKET and RUNTIME instead.")
    if unknown := sorted(set(values) - known):
        named = ", ".join(sorted(known - set(OURS)))
        raise DeployError(f"The template has no parameter {', '.join(unknown)}. It has: {named}.")


def _fields(mapping: yaml.MappingNode) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in mapping.value}


def _is_true(node: yaml.Node | None) -> bool:
    return node is not None and str(node.value).lower() == "true"
