"""A stub of Resource Orchestration Service: stacks that are made of the template they are given, and fail as told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from local.template.document import Template, at
from local.template.document import read_template as read
from local.template.evaluation import Evaluation, defaults_of
from tests.account.stub_services import ServiceError, refuse_unknown

read_template = cache(read)

_COMMON = {"RegionId", "TemplateBody", "Parameters.N.ParameterKey", "Parameters.N.ParameterValue", "TimeoutInMinutes"}
_KNOWN: Mapping[str, set[str]] = {
    "ListStacks": {"RegionId", "StackName.N"},
    "GetStack": {"RegionId", "StackId"},
    "ValidateTemplate": {"RegionId", "TemplateBody", "UpdateInfoOptions.N"},
    "PreviewStack": {*_COMMON, "StackName", "StackId", "UsePreviousParameters"},
    "CreateStack": {*_COMMON, "StackName", "ClientToken"},
    "UpdateStack": {*_COMMON, "StackId", "ClientToken", "UsePreviousParameters", "ReplacementOption"},
    "ListStackEvents": {"RegionId", "StackId", "PageNumber", "PageSize", "Status.N"},
}


@dataclass
class StubStack:
    """A stack; `looks` is how often it is still seen in progress."""

    stack_id: str
    name: str
    status: str
    template: str
    parameters: dict[str, str]
    events: list[dict[str, str]] = field(default_factory=list)
    looks: int = 0
    afterwards: str = ""

    def resources(self) -> dict[str, str]:
        """Return what it is made of: types by name."""
        return _resources(read_template(self.template), self.parameters)


@dataclass
class Ros:
    """Its stacks, resources that fail and why, what it says of parameters, and how many looks an operation takes."""

    stacks: list[StubStack] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    needs_replacement: list[str] = field(default_factory=list)
    errors: dict[str, ServiceError] = field(default_factory=dict)
    looks: int = 0
    given: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def call(self, action: str, given: dict[str, str]) -> dict[str, Any]:
        """Answer an operation."""
        refuse_unknown(given, _KNOWN[action])
        self.given.append((action, given))
        if action in self.errors:
            raise self.errors[action]
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()
        answer: dict[str, Any] = getattr(self, f"_{name}")(given)
        return answer

    def add_stack(self, template: str, parameters: dict[str, str], status: str = "CREATE_COMPLETE") -> StubStack:
        """Have a stack be there."""
        stack = StubStack(f"id-{len(self.stacks) + 1}", "phone-verification", status, template, parameters)
        self.stacks.append(stack)
        self._log(stack, "phone-verification", "ALIYUN::ROS::Stack", status)
        return stack

    def last(self, action: str) -> dict[str, str]:
        """Return what an operation was last given."""
        return next(given for name, given in reversed(self.given) if name == action)

    def _list_stacks(self, given: dict[str, str]) -> dict[str, Any]:
        found = [each for each in self.stacks if each.name == given["StackName.1"]]
        return {"Stacks": [{"StackId": s.stack_id, "StackName": s.name, "Status": s.status} for s in found]}

    def _get_stack(self, given: dict[str, str]) -> dict[str, Any]:
        stack = self._stack(given["StackId"])
        shown = stack.status
        if stack.afterwards:
            if stack.looks:
                stack.looks -= 1
            else:
                shown = stack.status = stack.afterwards
                stack.afterwards = ""
                self._finish(stack)
        secret = {n for n, p in read_template(stack.template).section("Parameters").items() if p.get("NoEcho")}
        return {
            "StackId": stack.stack_id,
            "Status": shown,
            "StatusReason": "Stack failed" if "ROLLBACK" in shown or "FAILED" in shown else "",
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": "******" if name in secret and value else value}
                for name, value in stack.parameters.items()
            ],
            "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in self.outputs.items()],
        }

    def _validate_template(self, given: dict[str, str]) -> dict[str, Any]:
        read_template(given["TemplateBody"])
        return {"UpdateInfo": {"ParametersCauseReplacementIfModified": self.needs_replacement}}

    def _preview_stack(self, given: dict[str, str]) -> dict[str, Any]:
        values = _parameters(given)
        template = read_template(given["TemplateBody"])
        if "StackId" in given:
            assert given["UsePreviousParameters"].lower() == "true"
            stack = self._stack(given["StackId"])
            before, values = stack.resources(), {**stack.parameters, **values}
        else:
            before = {}
        after = _resources(template, values)
        listed = [_previewed(name, kind, "None" if name in before else "Add") for name, kind in after.items()]
        listed += [_previewed(name, kind, "Remove") for name, kind in before.items() if name not in after]
        for each in listed:
            if each["Action"] == "None" and "StackId" in given:
                changed = {n for n, value in values.items() if self._stack(given["StackId"]).parameters.get(n) != value}
                if changed and each["ResourceType"] == "ALIYUN::FC3::Function":
                    each.update(Action="Modify", Replacement="False")
                elif changed & set(self.needs_replacement) and each["ResourceType"] == "ALIYUN::FC3::ConcurrencyConfig":
                    each.update(Action="Modify", Replacement="True")
        return {"Stack": {"StackName": given.get("StackName", ""), "Resources": listed}}

    def _create_stack(self, given: dict[str, str]) -> dict[str, Any]:
        assert given["ClientToken"]
        stack = StubStack(
            f"id-{len(self.stacks) + 1}",
            given["StackName"],
            "CREATE_IN_PROGRESS",
            given["TemplateBody"],
            _with_defaults(given),
            looks=self.looks,
            afterwards="CREATE_ROLLBACK_COMPLETE" if self.failing else "CREATE_COMPLETE",
        )
        self.stacks.append(stack)
        self._log(stack, stack.name, "ALIYUN::ROS::Stack", "CREATE_IN_PROGRESS")
        return {"StackId": stack.stack_id}

    def _update_stack(self, given: dict[str, str]) -> dict[str, Any]:
        stack, values = self._stack(given["StackId"]), _parameters(given)
        assert given["UsePreviousParameters"].lower() == "true"
        if stack.template == given["TemplateBody"] and {**stack.parameters, **values} == stack.parameters:
            message = "Update the completely same stack with same template and same parameters is not supported."
            raise ServiceError(400, "NotSupported", message)
        stack.template = given["TemplateBody"]
        stack.parameters.update(values)
        stack.status, stack.looks = "UPDATE_IN_PROGRESS", self.looks
        stack.afterwards = "ROLLBACK_COMPLETE" if self.failing else "UPDATE_COMPLETE"
        self._log(stack, stack.name, "ALIYUN::ROS::Stack", "UPDATE_IN_PROGRESS")
        return {"StackId": stack.stack_id}

    def _list_stack_events(self, given: dict[str, str]) -> dict[str, Any]:
        assert int(given["PageSize"]) <= 50
        events = list(reversed(self._stack(given["StackId"]).events))
        start = (int(given["PageNumber"]) - 1) * int(given["PageSize"])
        return {"Events": events[start : start + int(given["PageSize"])], "TotalCount": len(events)}

    def _finish(self, stack: StubStack) -> None:
        verb = stack.status.partition("_")[0] if stack.status != "ROLLBACK_COMPLETE" else "UPDATE"
        for name, kind in stack.resources().items():
            failed = name in self.failing
            status = f"{verb}_FAILED" if failed else f"{verb}_COMPLETE"
            self._log(stack, name, kind, status, self.failing.get(name, "state changed"))
        self._log(stack, stack.name, "ALIYUN::ROS::Stack", stack.status)

    def _log(self, stack: StubStack, name: str, kind: str, status: str, reason: str = "") -> None:
        number = len(stack.events) + 1
        stack.events.append(
            {
                "EventId": f"{stack.stack_id}-{number}",
                "CreateTime": "2026-11-25T08:00:00",
                "LogicalResourceId": name,
                "ResourceType": kind,
                "Status": status,
                "StatusReason": reason,
                "StackId": stack.stack_id,
            }
        )

    def _stack(self, stack_id: str) -> StubStack:
        for stack in self.stacks:
            if stack.stack_id == stack_id:
                return stack
        raise ServiceError(404, "StackNotFound")


def _parameters(given: Mapping[str, str]) -> dict[str, str]:
    numbers = [match[1] for name in given if (match := re.fullmatch(r"Parameters\.(\d+)\.ParameterKey", name))]
    return {given[f"Parameters.{n}.ParameterKey"]: given[f"Parameters.{n}.ParameterValue"] for n in numbers}


def _with_defaults(given: Mapping[str, str]) -> dict[str, str]:
    defaults = defaults_of(read_template(given["TemplateBody"]))
    return {**{n: str(v).lower() if isinstance(v, bool) else str(v) for n, v in defaults.items()}, **_parameters(given)}


def _resources(template: Template, parameters: Mapping[str, str]) -> dict[str, str]:
    typed = {name: {"true": True, "false": False}.get(value, value) for name, value in parameters.items()}
    typed = {**defaults_of(template), **typed}
    evaluation = Evaluation(template, typed)
    return {
        str(path[1]): str(resource["Type"])
        for path, resource in template.resources()
        if (condition := at(resource, "Condition")) is None or evaluation.holds(condition)
    }


def _previewed(name: str, kind: str, action: str) -> dict[str, Any]:
    return {"LogicalResourceId": name, "ResourceType": kind, "Action": action, "Properties": {}}
