"""Each role may do what it is for, on the resources it is for, and nothing else."""

from collections.abc import Iterator, Mapping

from local.template.document import at, listed
from local.template.evaluation import Evaluation
from tests.template.our_template import OurTemplate, Place, code_file, get_att, one_or_many

CALLS: Mapping[str, frozenset[str]] = {
    # The methods of the API's client that each function may call.
    "send_phone_verification": frozenset({"send_phone_verification_for_message_contact"}),
    "resend_pending_verifications": frozenset(
        {
            "send_phone_verification_for_message_contact",
            "send_email_verification_for_message_contact",
            "list_message_contact_verifications",
        }
    ),
}
CONTACTS = "acs:resourcemanager:*:1234567890123456:messagecontact/*"
LOG_STORE = "acs:log:cn-hangzhou:1234567890123456:project/<LogProject.Name>/logstore/<LogStore.LogstoreName>"
NETWORK_ACTIONS = frozenset(
    {
        # The platform puts a function into a VPC with the function's role. Source: the FC page "Grant Function
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
SEND_FUNCTION = frozenset({"<SendFunction.ARN>", "<SendFunction.ARN>/*"})
"""The function, and its versions and aliases. Source: the vendor's tool devsapp/fc3, docs/zh/command/invoke.md."""

Grants = Mapping[str, frozenset[str]]
"""The resources of each action that a role may do."""


def action_of(method: str) -> str:
    """Return the RAM action of a client's method, which has the name of the API's operation."""
    return "resourcemanager:" + "".join(word.capitalize() for word in method.split("_"))


def roles_and_needs(template: OurTemplate) -> Iterator[tuple[Place, Evaluation, Grants]]:
    """Yield each role with the grants it needs: by default, and in a VPC where it is the role of a function."""
    for function in template.functions():
        role = template.at("Resources", function.at("Role").target)
        needs = needs_of(template, function)
        in_vpc = {**needs, **dict.fromkeys(NETWORK_ACTIONS, frozenset({"*"}))}
        yield role, template.by_default, needs
        yield role, template.with_everything, in_vpc
    for role in template.other_roles():
        yield role, template.with_everything, {"fc:InvokeFunction": SEND_FUNCTION}


def needs_of(template: OurTemplate, function: Place) -> Grants:
    """Return the grants that a function needs outside a VPC: to call the API, to log, to keep failed events."""
    needs = {action_of(method): frozenset({CONTACTS}) for method in CALLS.get(code_file(function), ())}
    needs["log:PostLogStoreLogs"] = frozenset({LOG_STORE})
    for config in template.properties("ALIYUN::FC3::AsyncInvokeConfig"):
        if config.at("FunctionName").target == function.resource:
            queue = config.at("DestinationConfig", "OnFailure", "Destination").by_default
            needs["mns:SendMessage"] = frozenset({str(queue)})
    return needs


def grants_of(role: Place, evaluation: Evaluation) -> Grants:
    """Return the grants of a role, for given parameters: of its own policies, and of those attached to it."""
    documents = [
        at(policy, "PolicyDocument") for policy in listed(at(evaluation.properties(role.resource), "Policies"))
    ]
    for policy in role.ours.resources("ALIYUN::RAM::ManagedPolicy"):
        condition = policy.at("Condition").value
        attached = role.ours.at("Resources", policy.resource, "Properties", "Roles").value
        if get_att(role.resource, "RoleName") in listed(attached) and (
            condition is None or evaluation.holds(condition)
        ):
            documents.append(at(evaluation.properties(policy.resource), "PolicyDocument"))
    found: dict[str, frozenset[str]] = {}
    for statement in (statement for document in documents for statement in listed(at(document, "Statement"))):
        for action in one_or_many(at(statement, "Action")):
            resources = map(str, one_or_many(at(statement, "Resource")))
            found[str(action)] = found.get(str(action), frozenset()) | set(resources)
    return found


def test_every_operation_of_the_client_may_be_called_by_a_function(operations: frozenset[str]) -> None:
    differing = sorted(frozenset().union(*CALLS.values()) ^ operations)
    assert not differing, f"expected {', '.join(differing)} both in the client and in CALLS of {__name__}"


def test_each_function_calls_the_operations_that_it_may(calls: Mapping[str, frozenset[str]]) -> None:
    for function, allowed in CALLS.items():
        unused = sorted(allowed - calls[function])
        assert not unused, f"expected {function} to call {', '.join(unused)}, as CALLS of {__name__} says"


def test_no_function_calls_another_operation(calls: Mapping[str, frozenset[str]]) -> None:
    for function, called in calls.items():
        others = sorted(called - CALLS.get(function, frozenset()))
        assert not others, f"expected CALLS of {__name__} to allow {', '.join(others)}, which code of {function} calls"


def test_each_function_has_a_role_of_this_stack(template: OurTemplate) -> None:
    for function in template.functions():
        role = function.at("Role")
        assert role.target, role.expected("the Arn of a role of this stack")


def test_every_role_may_do_what_it_is_for(template: OurTemplate) -> None:
    for role, evaluation, needs in roles_and_needs(template):
        found = grants_of(role, evaluation)
        for action, resources in needs.items():
            message = f"{action} on exactly {', '.join(sorted(resources))}"
            assert found.get(action) == resources, role.at("Properties", "Policies").expected(message)


def test_no_role_may_do_more_than_it_is_for(template: OurTemplate) -> None:
    for role, evaluation, needs in roles_and_needs(template):
        for action in sorted(grants_of(role, evaluation)):
            message = f"no {action}: nothing of ours needs it"
            assert action in needs, role.at("Properties", "Policies").expected(message)
