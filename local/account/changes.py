"""What a deployment would change, as it is shown: parameters, then the service's preview of the resources."""

from collections.abc import Iterator, Mapping

from local.account.parameters import Parameter
from local.account.stacks import Change, Stack
from local.template.document import Template, at
from local.template.intrinsics import references

_FIXED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "ALIYUN::FC3::ConcurrencyConfig": (("ReservedConcurrency",),),
    "ALIYUN::FC3::AsyncInvokeConfig": ((),),
    "ALIYUN::FC3::Trigger": (("FunctionName",), ("SourceArn",), ("TriggerName",), ("TriggerType",)),
    "ALIYUN::SLS::Alert": (
        ("Detail", "Configuration", "PolicyConfiguration", "ActionPolicyId"),
        ("Detail", "Configuration", "PolicyConfiguration", "RepeatInterval"),
        ("Detail", "State"),
    ),
}
"""Properties that cannot be changed once a resource is there, by the ROS page of each type; `()` is all of them."""

_SAID = "Cannot be changed later"
"""How the template's descriptions say that of a parameter."""

_ORDER = ("Add", "Modify", "Replace", "Remove")


def changed_parameters(
    declared: Mapping[str, Parameter], stack: Stack | None, values: Mapping[str, str]
) -> dict[str, str]:
    """Return what changes of each parameter, in words that show no secret. A new stack has no changes."""
    if stack is None:
        return {}
    changed = {}
    for name, value in sorted(values.items()):
        parameter, before = declared[name], stack.parameters.get(name)
        if parameter.secret:
            # The service does not tell a secret, so whether it differs is not known.
            changed[name] = "set to the value that was given"
        elif before is None or not _is_same(before, value):
            changed[name] = f"{parameter.shown(before)} -> {parameter.shown(value)}"
    return changed


def fixed_parameters(template: Template) -> dict[str, list[str]]:
    """Return the parameters that cannot be changed, each with the resources that it is in, where that is known.

    They are in properties that cannot be changed, or their description says so.
    """
    parameters = template.section("Parameters")
    found: dict[str, list[str]] = {
        name: [] for name, parameter in parameters.items() if _SAID in str(at(parameter, "Description"))
    }
    for resource_type, properties in _FIXED.items():
        for path, resource in template.resources(resource_type):
            for steps in properties:
                for reference in references(at(resource, "Properties", *steps), path):
                    resources = found.setdefault(reference.target, [])
                    if str(path[1]) not in resources:
                        resources.append(str(path[1]))
    return {name: resources for name, resources in found.items() if name in parameters}


def table(changes: list[Change]) -> Iterator[str]:
    """Yield a line for each resource that changes, and one that counts them."""
    changing = sorted((each for each in changes if each.action in _ORDER), key=lambda each: _ORDER.index(each.action))
    width = max((len(each.resource) for each in changing), default=0)
    for each in changing:
        note = "  (may be replaced)" if each.maybe_replaced else ""
        yield f"  {each.action.lower():8} {each.resource:{width}}  {each.resource_type}{note}"
    counts = [(action, sum(each.action == action for each in changing)) for action in _ORDER]
    yield ", ".join(f"{count} to {action.lower()}" for action, count in counts if count) or "no resource changes"


def _is_same(before: str, after: str) -> bool:
    try:
        return float(before) == float(after)
    except ValueError:
        return before == after or {before, after} in ({"True", "true"}, {"False", "false"})
