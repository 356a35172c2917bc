"""The operations of Resource Orchestration Service (ROS) on one stack.

Source of operations, statuses and limits: the vendor's pages of ROS, version 2019-09-10, and the SDK's own models.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from alibabacloud_ros20190910 import models

from local.account.service_errors import Refused
from local.account.session import Session

TIMEOUT_MINUTES = 30
_EVENTS_A_PAGE = 50

_NOTHING_CHANGED = "completely same stack"
"""How the service refuses an update that changes nothing: not documented, but the vendor's tool Funcraft goes by it."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is there: its parameters and outputs by name, as text."""

    stack_id: str
    status: str
    reason: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]

    @property
    def in_progress(self) -> bool:
        """Whether an operation is at work on it."""
        return self.status.endswith("_IN_PROGRESS")

    @property
    def never_came_to_be(self) -> bool:
        """Whether it can only be deleted."""
        return self.status.startswith("CREATE_") and self.status not in ("CREATE_COMPLETE", "CREATE_IN_PROGRESS")

    @property
    def is_good(self) -> bool:
        """Whether its last operation succeeded."""
        return self.status.endswith("_COMPLETE") and "ROLLBACK" not in self.status


@dataclass(frozen=True, slots=True)
class Change:
    """What an update would do to a resource: `Add`, `Modify`, `Replace`, `Remove` or `None`."""

    action: str
    resource: str
    resource_type: str
    maybe_replaced: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a resource of the stack, or to the stack itself."""

    event_id: str
    time: str
    resource: str
    resource_type: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks of a region, and the template that they are made of."""

    session: Session
    template: str

    def find(self, name: str) -> Stack | None:
        """Return the stack of this name, or None."""
        request = models.ListStacksRequest(region_id=self.session.region, stack_name=[name])
        listed = self._ask("ROS ListStacks", partial(self._ros.list_stacks, request)).stacks or []
        for each in listed:
            if each.stack_name == name and each.status != "DELETE_COMPLETE":
                return self.get(str(each.stack_id))
        return None

    def get(self, stack_id: str) -> Stack:
        """Return a stack with its outputs."""
        request = models.GetStackRequest(region_id=self.session.region, stack_id=stack_id)
        found = self._ask("ROS GetStack", partial(self._ros.get_stack, request))
        return Stack(
            stack_id,
            str(found.status),
            self.session.secrets.safe(str(found.status_reason or "")),
            {str(each.parameter_key): str(each.parameter_value) for each in found.parameters or []},
            # Of any form in the SDK: a list of mappings.
            {str(each["OutputKey"]): _text(each.get("OutputValue")) for each in found.outputs or []},
        )

    def needing_replacement(self) -> set[str]:
        """Return the parameters that the service cannot change without making resources anew."""
        request = models.ValidateTemplateRequest(
            region_id=self.session.region, template_body=self.template, update_info_options=["EnableReplacement"]
        )
        found = self._ask("ROS ValidateTemplate", partial(self._ros.validate_template, request)).update_info
        if found is None:
            return set()
        return {
            *(found.parameters_not_allowed_to_be_modified or []),
            *(found.parameters_cause_replacement_if_modified or []),
        }

    def preview(self, name: str, stack: Stack | None, values: Mapping[str, str]) -> list[Change]:
        """Return what creating or updating the stack would change."""
        where: dict[str, Any] = (
            {"stack_id": stack.stack_id, "use_previous_parameters": True} if stack else {"stack_name": name}
        )
        request = models.PreviewStackRequest(
            region_id=self.session.region,
            template_body=self.template,
            parameters=[models.PreviewStackRequestParameters(*pair) for pair in sorted(values.items())],
            timeout_in_minutes=TIMEOUT_MINUTES,
            **where,
        )
        previewed = self._ask("ROS PreviewStack", partial(self._ros.preview_stack, request)).stack
        return [_change(each) for each in previewed.resources or []]

    def create(self, name: str, values: Mapping[str, str]) -> str:
        """Begin to create the stack; return its id."""
        request = models.CreateStackRequest(
            region_id=self.session.region,
            stack_name=name,
            client_token=uuid4().hex,
            template_body=self.template,
            parameters=[models.CreateStackRequestParameters(*pair) for pair in sorted(values.items())],
            timeout_in_minutes=TIMEOUT_MINUTES,
        )
        return str(self._ask("ROS CreateStack", partial(self._ros.create_stack, request)).stack_id)

    def update(self, stack: Stack, values: Mapping[str, str], *, replace: bool) -> bool:
        """Begin to update a stack; what is not given keeps its value. Return False if nothing differs."""
        request = models.UpdateStackRequest(
            region_id=self.session.region,
            stack_id=stack.stack_id,
            client_token=uuid4().hex,
            template_body=self.template,
            parameters=[models.UpdateStackRequestParameters(*pair) for pair in sorted(values.items())],
            use_previous_parameters=True,
            replacement_option="Enabled" if replace else "Disabled",
            timeout_in_minutes=TIMEOUT_MINUTES,
        )
        try:
            self._ask("ROS UpdateStack", partial(self._ros.update_stack, request))
        except Refused as refused:
            if _NOTHING_CHANGED not in refused.service_message:
                raise
            return False
        return True

    def events(self, stack_id: str, status: list[str] | None = None) -> Iterator[Event]:
        """Yield the events of a stack, the newest first."""
        page, seen = 1, 0
        while True:
            request = models.ListStackEventsRequest(
                region_id=self.session.region,
                stack_id=stack_id,
                status=status,
                page_number=page,
                page_size=_EVENTS_A_PAGE,
            )
            found = self._ask("ROS ListStackEvents", partial(self._ros.list_stack_events, request))
            for each in found.events or []:
                yield Event(
                    str(each.event_id),
                    str(each.create_time or ""),
                    str(each.logical_resource_id),
                    str(each.resource_type),
                    str(each.status),
                    self.session.secrets.safe(str(each.status_reason or "")),
                )
            page, seen = page + 1, seen + len(found.events or [])
            if not found.events or seen >= (found.total_count or 0):
                return

    @property
    def _ros(self) -> Any:
        return self.session.ros

    def _ask(self, what: str, call: Any) -> Any:
        return self.session.ask(what, "ros", call).body


def _change(resource: Any) -> Change:
    action = str(resource.action)
    if action == "Modify" and str(resource.replacement) == "True":
        action = "Replace"
    maybe = str(resource.replacement) == "Conditional"
    return Change(action, str(resource.logical_resource_id), str(resource.resource_type), maybe)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
