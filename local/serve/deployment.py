"""What template.yml says of each function, so that it is served as it is deployed."""

from dataclasses import dataclass
from pathlib import Path

from local.template.document import Template, at, read_template

TEMPLATE = Path(__file__).parents[2] / "template.yml"


@dataclass(frozen=True, slots=True)
class Defaults:
    """How a function is deployed: time limits in seconds, and how often an event that failed is retried."""

    timeout: int
    initializer_timeout: int
    retries: int


def defaults_of(function: str) -> Defaults:
    """Return what the template says of the function in `functions/<function>.py`.

    Raises:
        KeyError: it is not in the template.

    """
    template = read_template(TEMPLATE.read_text(encoding="utf-8"))
    for path, resource in template.resources("ALIYUN::FC3::Function"):
        properties = resource["Properties"]
        if properties["Handler"] == f"{function}.handler":
            initializer_timeout = at(properties, "InstanceLifecycleConfig", "Initializer", "Timeout")
            return Defaults(properties["Timeout"], initializer_timeout, _retries(template, path[1]))
    raise KeyError(function)


def schedule() -> str:
    """Return when function 2 runs unless a stack says otherwise: the default of the parameter `TimerSchedule`."""
    template = read_template(TEMPLATE.read_text(encoding="utf-8"))
    return str(at(template.data, "Parameters", "TimerSchedule", "Default"))


def _retries(template: Template, name: object) -> int:
    for _, resource in template.resources("ALIYUN::FC3::AsyncInvokeConfig"):
        if at(resource, "Properties", "FunctionName", "Fn::GetAtt", 0) == name:
            return int(at(resource, "Properties", "MaxAsyncRetryAttempts"))
    raise KeyError(name)
