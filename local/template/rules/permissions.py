"""Each role may do what it is for, on what it is for, and nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.template.document import at, listed, mapping
from local.template.evaluation import Evaluation
from local.template.problems import Path, Problem
from local.template.subject import Subject

REACHES: Mapping[str, frozenset[str]] = {
    # Which methods of the API's client each handler can reach; what they call is read from the client.
    "send_phone_verification": frozenset({"send_phone_verification_for_message_contact"}),
    "resend_pending_verifications": frozenset(
        {"send_phone_verification_for_message_contact", "list_message_contact_verifications"}
    ),
}
CONTACTS = "acs:resourcemanager:*:1234567890123456:messagecontact/*"
LOG_STORE = "acs:log:cn-hangzhou:1234567890123456:project/<LogProject.Name>/logstore/<LogStore.LogstoreName>"
NETWORK_ACTIONS = frozenset(
    {
        # What the platform does with a function's role to put it into a VPC. Source: the FC page "Grant Function
        # Compute permissions to access other Alibaba Cloud services".
        "vpc:DescribeVSwitchAttributes",
        "vpc:DescribeVpcAttribute",
        "ecs:CreateNetworkInterface",
        "ecs:DeleteNetworkInterface",
        "ecs:DescribeNetworkInterfaces",
        "ecs:CreateNetworkInterfacePermission",
        "ecs:DeleteNetworkInterfacePermission",
        "ecs:DescribeNetworkInterfacePermissions",
    }
)
TRIGGER_SERVICES = {"mns.aliyuncs.com", "apigateway.aliyuncs.com"}
"""Who needs a role to invoke a function; EventBridge brings its own, and the timer needs none."""

_Grants = Mapping[str, frozenset[str]]
"""What a role may do: resources by action."""


def reach(subject: Subject) -> Iterator[Problem]:
    """Check that the table above names all methods of the client, each with functions that do reach it."""
    methods = subject.judges.code.client_actions.keys()
    named = frozenset().union(*REACHES.values())
    for method in sorted(named ^ methods):
        yield Problem(
            ("Resources",), f"expected {method} both in the client and in local/template/rules/permissions.py"
        )
    for function, reached in REACHES.items():
        for method in sorted(reached - subject.judges.code.attributes_reached(function)):
            yield Problem(("Resources",), f"expected {function} to call {method}, as rules/permissions.py says")


def function_roles(subject: Subject) -> Iterator[Problem]:
    """Check that a function's role may do what its code calls, log, dead-letter, and enter a VPC if there is one."""
    for path, resource in subject.template.resources("ALIYUN::FC3::Function"):
        role = at(resource, "Properties", "Role", "Fn::GetAtt", 0)
        if not isinstance(role, str):
            yield Problem((*path, "Properties", "Role"), "expected the Arn of a role of this stack")
            continue
        module = str(at(resource, "Properties", "Handler")).partition(".")[0]
        wanted = _wanted(subject, str(path[1]), module)
        place: Path = ("Resources", role, "Properties", "Policies")
        yield from _compare(_grants(subject.by_default, role), wanted, place)
        in_vpc = {**wanted, **dict.fromkeys(NETWORK_ACTIONS, frozenset({"*"}))}
        yield from _compare(_grants(subject.with_everything, role), in_vpc, place)
        yield from _trust(subject, role, {"fc.aliyuncs.com"})


def trigger_roles(subject: Subject) -> Iterator[Problem]:
    """Check that every other role lets one service invoke function 1."""
    functions = subject.template.resources("ALIYUN::FC3::Function")
    taken = [at(resource, "Properties", "Role", "Fn::GetAtt", 0) for _, resource in functions]
    wanted = {"fc:InvokeFunction": frozenset({"<SendFunction.ARN>"})}
    for path, _ in subject.template.resources("ALIYUN::RAM::Role"):
        role = str(path[1])
        if role not in taken:
            yield from _compare(_grants(subject.with_everything, role), wanted, (*path, "Properties", "Policies"))
            yield from _trust(subject, role, TRIGGER_SERVICES)


def breadth(subject: Subject) -> Iterator[Problem]:
    """Check that no statement allows all actions or all but some; one on all resources has the reason beside it."""
    text = subject.template.text.splitlines()
    for path, resource in subject.template.resources("ALIYUN::RAM::Role"):
        if "PolicyAttachments" in mapping(resource.get("Properties")):
            yield Problem((*path, "Properties", "PolicyAttachments"), "expected none: a system's policy is not ours")
        for place, statement in _statements(resource, path):
            if statement.get("Effect") != "Allow":
                yield Problem((*place, "Effect"), "expected Allow")
            if "NotAction" in statement:
                yield Problem((*place, "NotAction"), "expected the actions that are allowed")
            for position, action in enumerate(_one_or_many(statement.get("Action"))):
                if "*" in str(action):
                    yield Problem((*place, "Action", position), f"expected one action by its name, found {action}")
            for position, allowed in enumerate(_one_or_many(statement.get("Resource"))):
                line = subject.template.line_of((*place, "Resource", position))
                if allowed == "*" and not any("#" in text[above] for above in (line - 1, line - 2)):
                    yield Problem((*place, "Resource", position), "expected a comment beside it that says why not less")


def _wanted(subject: Subject, function: str, module: str) -> dict[str, frozenset[str]]:
    actions = subject.judges.code.client_actions
    wanted = {
        f"resourcemanager:{actions[method]}": frozenset({CONTACTS})
        for method in REACHES.get(module, ())
        if method in actions
    }
    wanted["log:PostLogStoreLogs"] = frozenset({LOG_STORE})
    for _, resource in subject.template.resources("ALIYUN::FC3::AsyncInvokeConfig"):
        properties = resource.get("Properties")
        if at(properties, "FunctionName", "Fn::GetAtt", 0) == function:
            queue = at(properties, "DestinationConfig", "OnFailure", "Destination")
            wanted["mns:SendMessage"] = frozenset({str(subject.by_default.value(queue))})
    return wanted


def _grants(evaluation: Evaluation, role: str) -> _Grants:
    found: dict[str, frozenset[str]] = {}
    for policy in listed(at(evaluation.properties(role), "Policies")):
        for statement in listed(at(policy, "PolicyDocument", "Statement")):
            for action in _one_or_many(at(statement, "Action")):
                resources = map(str, _one_or_many(at(statement, "Resource")))
                found[str(action)] = found.get(str(action), frozenset()) | set(resources)
    return found


def _compare(found: _Grants, wanted: _Grants, path: Path) -> Iterator[Problem]:
    for action in sorted(found.keys() - wanted.keys()):
        yield Problem(path, f"expected no {action}: nothing of ours needs it")
    for action, resources in wanted.items():
        if found.get(action) != resources:
            yield Problem(path, f"expected {action} on exactly {', '.join(sorted(resources))}")


def _trust(subject: Subject, role: str, services: set[str]) -> Iterator[Problem]:
    path: Path = ("Resources", role, "Properties", "AssumeRolePolicyDocument")
    statements = listed(at(subject.template.data, *path, "Statement"))
    trusted = [str(service) for statement in statements for service in listed(at(statement, "Principal", "Service"))]
    if len(trusted) != 1 or trusted[0] not in services:
        yield Problem((*path, "Statement"), f"expected trust in one of {', '.join(sorted(services))}, and nobody else")
    for position, statement in enumerate(statements):
        is_allowed = at(statement, "Effect") == "Allow" and at(statement, "Action") == "sts:AssumeRole"
        if not is_allowed or set(mapping(at(statement, "Principal"))) != {"Service"}:
            yield Problem((*path, "Statement", position), "expected to allow sts:AssumeRole for a service")


def _statements(resource: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield path and content of every statement of a role's policies, those under Fn::If too."""
    path = (*path, "Properties", "Policies")
    for position, item in enumerate(listed(at(resource, "Properties", "Policies"))):
        choices = [((*path, position), item)]
        for branch, policy in enumerate(listed(at(item, "Fn::If"))):
            choices.append(((*path, position, "Fn::If", branch), policy))
        for place, policy in choices:
            for number, statement in enumerate(listed(at(policy, "PolicyDocument", "Statement"))):
                yield (*place, "PolicyDocument", "Statement", number), mapping(statement)


def _one_or_many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
