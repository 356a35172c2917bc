"""The functions that template.yml declares: how each is deployed, and which triggers invoke it.

The template's parameters have their defaults; a trigger counts whether it is on by default or not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.serve.schedule import Schedule, parse_schedule
from local.template.document import MalformedTemplate, at, mapping, read_template
from local.template.evaluation import Evaluation, with_defaults

TEMPLATE = Path(__file__).parents[2] / "template.yml"

DEFAULT_RETRIES = 3
"""Of a function without a configuration for asynchronous invocation: the vendor's page "Error handling"."""


class NotServable(Exception):
    """The template declares something that cannot be served; the message says what."""


@dataclass(frozen=True, slots=True)
class DeclaredFunction:
    """A function: the name of its file without its end, and how it is deployed.

    Time limits are in seconds, `retries` is how often an event that failed is tried again, `trigger_types` are those
    of its triggers in the template.
    """

    name: str
    timeout: int
    initializer_timeout: int
    retries: int
    trigger_types: tuple[str, ...]

    @property
    def takes_dead_letters(self) -> bool:
        """Whether it opens a dead letter as any other event; a function that only a timer invokes does not."""
        return any(kind != "timer" for kind in self.trigger_types)


@dataclass(frozen=True, slots=True)
class DeclaredTimer:
    """A timer trigger: the function that it invokes, and when; its own name and payload are part of its event."""

    function: str
    name: str
    payload: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Declared:
    """All functions by name, in the template's order; the one behind the HTTP trigger; the timer.

    Where several functions have a trigger of either type, it is the first one in the template.
    """

    functions: Mapping[str, DeclaredFunction]
    http_function: str
    timer: DeclaredTimer


def read_declared(template: Path, code_path: Path) -> Declared:
    """Return the functions of a template, whose code is in a folder; other files there are passed over.

    Raises:
        NotServable: the template is malformed, the code of a function is not there, or no function has an HTTP trigger
            or a timer.

    """
    try:
        values = with_defaults(read_template(template.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, MalformedTemplate) as error:
        raise NotServable(f"{template.name}: {error}") from None
    names = dict(_names_by_resource(values, code_path))
    triggers = list(_triggers(values, names))
    functions = {name: _function(values, resource, name, triggers) for resource, name in names.items()}
    return Declared(functions, _first("http", triggers).function, _timer(_first("timer", triggers)))


@dataclass(frozen=True, slots=True)
class _Trigger:
    function: str
    properties: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.properties.get("TriggerType"))


def _names_by_resource(values: Evaluation, code_path: Path) -> Iterator[tuple[str, str]]:
    """Yield each function's name in the template, and the name of its file without its end."""
    seen: set[str] = set()
    for path, _ in values.template.resources("ALIYUN::FC3::Function"):
        resource = str(path[1])
        name, _, method = str(at(values.properties(resource), "Handler")).partition(".")
        if method != "handler" or not (code_path / f"{name}.py").is_file():
            there = ", ".join(sorted(file.name for file in code_path.glob("*.py")))
            raise NotServable(f"{resource} needs a handler(event, context) in {name}.py; there are: {there}")
        if name in seen:
            raise NotServable(f"{resource} is a second function of {name}.py")
        seen.add(name)
        yield resource, name


def _triggers(values: Evaluation, names: Mapping[str, str]) -> Iterator[_Trigger]:
    for resource, properties in _about_functions(values, "ALIYUN::FC3::Trigger"):
        if resource in names:
            yield _Trigger(names[resource], properties)


def _function(values: Evaluation, resource: str, name: str, triggers: list[_Trigger]) -> DeclaredFunction:
    properties = values.properties(resource)
    asynchronous = dict(_about_functions(values, "ALIYUN::FC3::AsyncInvokeConfig"))
    retries = at(asynchronous.get(resource), "MaxAsyncRetryAttempts")
    return DeclaredFunction(
        name,
        _number(f"{resource}: Timeout", at(properties, "Timeout"), least=1),
        _number(
            f"{resource}: Timeout of its Initializer",
            at(properties, "InstanceLifecycleConfig", "Initializer", "Timeout"),
            least=1,
        ),
        _number(f"{resource}: MaxAsyncRetryAttempts", DEFAULT_RETRIES if retries is None else retries, least=0),
        tuple(trigger.kind for trigger in triggers if trigger.function == name),
    )


def _number(what: str, value: object, *, least: int) -> int:
    if not re.fullmatch("[0-9]{1,5}", str(value)) or int(str(value)) < least:
        raise NotServable(f"{what} must be a whole number from {least}")
    return int(str(value))


def _about_functions(values: Evaluation, resource_type: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the properties of the resources of a type, with the function's name in the template that each is about."""
    for path, resource in values.template.resources(resource_type):
        function = at(resource, "Properties", "FunctionName", "Fn::GetAtt", 0)
        yield str(function), mapping(values.properties(str(path[1])))


def _first(kind: str, triggers: list[_Trigger]) -> _Trigger:
    for trigger in triggers:
        if trigger.kind == kind:
            return trigger
    raise NotServable(f"no function has a trigger of the type {kind}")


def _timer(trigger: _Trigger) -> DeclaredTimer:
    config = mapping(trigger.properties.get("TriggerConfig"))
    try:
        schedule = parse_schedule(str(config.get("cronExpression")))
    except ValueError as error:
        raise NotServable(f"the timer's cronExpression: {error}") from None
    name, payload = trigger.properties.get("TriggerName"), config.get("payload", "")
    if not isinstance(payload, str):
        raise NotServable("the timer's payload must be text")
    return DeclaredTimer(trigger.function, str(name), payload, schedule)
