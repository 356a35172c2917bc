"""`template.yml` as the tests read it: places that know their line, and their values for given parameters."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from local.template.document import Template, at
from local.template.evaluation import PSEUDO_VALUES, Evaluation, defaults_of, with_defaults
from local.template.problems import Path, dotted


@dataclass(frozen=True)
class OurTemplate:
    """The template, and its evaluations."""

    template: Template

    @cached_property
    def by_default(self) -> Evaluation:
        """The template with the defaults of its parameters."""
        return with_defaults(self.template)

    @cached_property
    def with_everything(self) -> Evaluation:
        """The template with every switch on, and with `<Name>` for each parameter that is empty by default."""
        on = {
            name: True if self.at("Parameters", name, "Type").value == "Boolean" else default or f"<{name}>"
            for name, default in defaults_of(self.template).items()
        }
        return Evaluation(self.template, on)

    def with_values(self, **parameters: object) -> Evaluation:
        """Return the template with these values of its parameters, and defaults for the others."""
        return Evaluation(self.template, {**defaults_of(self.template), **parameters})

    def at(self, *steps: str | int) -> "Place":
        """Return a place by its path from the top."""
        return Place(self, steps)

    def resources(self, resource_type: str = "") -> list["Place"]:
        """Return the resources, or those of one type."""
        return [Place(self, path) for path, _ in self.template.resources(resource_type)]

    def properties(self, resource_type: str) -> list["Place"]:
        """Return the properties of each resource of a type."""
        return [resource.at("Properties") for resource in self.resources(resource_type)]

    def functions(self) -> list["Place"]:
        """Return the properties of each function."""
        return self.properties("ALIYUN::FC3::Function")

    def roles_of_functions(self) -> list["Place"]:
        """Return the role of each function."""
        return [self.at("Resources", function.at("Role").target) for function in self.functions()]

    def other_roles(self) -> list["Place"]:
        """Return the roles of the services that invoke a function."""
        of_functions = self.roles_of_functions()
        return [role for role in self.resources("ALIYUN::RAM::Role") if role not in of_functions]

    def triggers(self, trigger_type: str) -> list["Place"]:
        """Return the properties of each trigger of a type."""
        triggers = self.properties("ALIYUN::FC3::Trigger")
        return [trigger for trigger in triggers if trigger.at("TriggerType").value == trigger_type]


@dataclass(frozen=True, repr=False)
class Place:
    """A place in the template, whether or not there is a value."""

    ours: OurTemplate
    path: Path

    def __repr__(self) -> str:
        return dotted(self.path)

    def at(self, *steps: str | int) -> "Place":
        """Return a place below this one."""
        return Place(self.ours, (*self.path, *steps))

    def items(self) -> Iterator["Place"]:
        """Yield the places of the items, where the value is a list."""
        if isinstance(self.value, list):
            yield from (self.at(position) for position in range(len(self.value)))

    @property
    def resource(self) -> str:
        """The name of the resource that this place is in."""
        return str(self.path[1])

    @property
    def value(self) -> Any:
        """The value as it is written; None where there is none."""
        return at(self.ours.template.data, *self.path)

    @property
    def by_default(self) -> Any:
        """The value for the defaults of the parameters."""
        return self.ours.by_default.value(self.value)

    @property
    def with_everything(self) -> Any:
        """The value with every switch on."""
        return self.ours.with_everything.value(self.value)

    @property
    def target(self) -> str:
        """The name of the resource that `Fn::GetAtt` refers to here; empty where the value is something else."""
        name = at(self.value, "Fn::GetAtt", 0)
        return name if isinstance(name, str) else ""

    def expected(self, what: object) -> str:
        """Return an assertion's message: `template.yml: line 36: Resources.LogStore.Properties.TTL: expected 30`."""
        match what:
            case {"Fn::GetAtt": [resource, attribute]}:
                what = f"Fn::GetAtt: [{resource}, {attribute}]"
            case _:
                pass
        return f"template.yml: {self.ours.template.locate(self.path, f'expected {what}')}"


def code_file(function: Place) -> str:
    """Return the name of the file in functions/ that a function's handler is in, without its end."""
    return str(function.at("Handler").value).partition(".")[0]


def get_att(resource: str, attribute: str) -> dict[str, list[str]]:
    """Return the call of `Fn::GetAtt`, as the template has it."""
    return {"Fn::GetAtt": [resource, attribute]}


def smq_arn(resource: str) -> str:
    """Return the ARN of an SMQ queue or topic, `/queues/<DeadLetterQueue.QueueName>`, as an evaluation has it."""
    return f"acs:mns:{PSEUDO_VALUES['ALIYUN::Region']}:{PSEUDO_VALUES['ALIYUN::TenantId']}:{resource}"


def one_or_many(value: Any) -> list[Any]:
    """Return the items of a value that is a list, one item, or nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]
