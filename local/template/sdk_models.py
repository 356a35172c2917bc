"""The models of the Function Compute SDK, read as source out of the wheel `alibabacloud-fc20230330`.

The metadata of ROS leaves a trigger's TriggerConfig free-form. The SDK has a model for each type of trigger: its
`from_map` has the keys, its `__init__` their types. Importing the SDK would load a thousand modules for a dozen keys.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from local.template.metadata import MetadataUnreadable
from local.template.shapes import Property, Shape, ValueType

_SCALARS = {"str": "string", "bool": "boolean", "int": "number", "float": "number"}


class SdkModels:
    """The models of the installed SDK, each read when it is first asked for."""

    def __init__(self) -> None:
        self._folder = _folder()
        self._files = dict(
            reversed(pair) for pair in re.findall(r"^from \.(\w+) import (\w+)$", self._read("__init__"), re.MULTILINE)
        )
        self._shapes: dict[str, Shape] = {}

    def shape(self, model: str) -> Shape:
        """Return the keys of a model, `HTTPTriggerConfig`, and their types; the SDK requires none of them.

        Raises:
            MetadataUnreadable: there is no such model, or it has an unknown form.

        """
        if model not in self._shapes:
            if model not in self._files:
                raise MetadataUnreadable(f"alibabacloud-fc20230330 has no model {model}")
            self._shapes[model] = self._read_shape(model)
        return self._shapes[model]

    def _read_shape(self, model: str) -> Shape:
        tree = ast.parse(self._read(self._files[model]))
        methods = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        arguments = {argument.arg: argument.annotation for argument in methods["__init__"].args.args}
        keys = dict(_keys_of(methods["from_map"]))
        if set(keys.values()) != set(arguments) - {"self"}:
            raise MetadataUnreadable(f"the model {model} is of another form")
        return {key: Property(required=False, type=self._type(arguments[name])) for key, name in keys.items()}

    def _type(self, annotation: ast.expr | None) -> ValueType:
        match annotation:
            case ast.Name(id=name) if name in _SCALARS:
                return _scalar(name)
            case ast.Attribute(attr=model):
                return ValueType("object", shape=self.shape(model))
            case ast.Subscript(value=ast.Name(id="List"), slice=item):
                return ValueType("list", item=self._type(item))
            case ast.Subscript(value=ast.Name(id="Dict"), slice=ast.Tuple(elts=[ast.Name(id="str"), item])):
                return ValueType("map", item=self._type(item))
        raise MetadataUnreadable(f"the type {ast.unparse(annotation) if annotation else 'none'} is not known")

    def _read(self, module: str) -> str:
        return (self._folder / f"{module}.py").read_text(encoding="utf-8")


def _scalar(name: str) -> ValueType:
    match _SCALARS[name]:
        case "boolean":
            return ValueType("boolean")
        case "number":
            return ValueType("number")
        case _:
            return ValueType("string")


def _folder() -> Path:
    spec = find_spec("alibabacloud_fc20230330")
    if spec is None or spec.origin is None:
        raise MetadataUnreadable("the wheel alibabacloud-fc20230330 is not among the development requirements")
    return Path(spec.origin).parent / "models"


def _keys_of(from_map: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """Yield key and attribute: `if m.get("authType") is not None: self.auth_type = m.get("authType")`."""
    for node in ast.walk(from_map):
        match node:
            case ast.If(test=ast.Compare(left=ast.Call(args=[ast.Constant(value=str() as key)])), body=body):
                yield key, _assigned_attribute(body)
            case _:
                pass


def _assigned_attribute(body: list[ast.stmt]) -> str:
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)]):
                return attribute
            case _:
                pass
    return ""


TRIGGER_CONFIGS: Mapping[str, str | None] = {
    "http": "HTTPTriggerConfig",
    "timer": "TimerTriggerConfig",
    "eventbridge": "EventBridgeTriggerConfig",
    "mns_topic": "MNSTopicTriggerConfig",
    "oss": "OSSTriggerConfig",
    "log": "SLSTriggerConfig",
    "cdn_events": "CDNTriggerConfig",
    "tablestore": None,
}
"""The model of each TriggerType; None: its config is empty. Source: the SDK's comments on CreateTriggerInput."""

ALLOWED_VALUES: Mapping[str, tuple[str, ...]] = {
    # The SDK has these in comments only. Source: the FC API's pages of the trigger configs.
    "authType": ("function", "anonymous", "jwt"),
    "notifyContentFormat": ("JSON", "STREAM"),
    "notifyStrategy": ("BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY"),
    "eventSourceType": ("Default", "MNS", "RocketMQ", "RabbitMQ", "Kafka", "MQTT", "DTS"),
    "eventSchema": ("CloudEvents", "RawData"),
    "mode": ("event-driven", "event-streaming"),
    "errorsTolerance": ("ALL", "NONE"),
    "PushRetryStrategy": ("BACKOFF_RETRY", "EXPONENTIAL_DECAY_RETRY"),
}
