"""Each role may do what it is for, on the resources it is for, and nothing else."""

from collections.abc import Iterator, Mapping

from local.template.document import at, listed, mapping
from local.template.evaluation import Evaluation
from tests.template.our_template import OurTemplate, Place, code_file, one_or_many

CALLS: Mapping[str, frozenset[str]] = {
    # The methods of the API's client that each function may call.
    "send_phone_verification": frozenset({"send_phone_verification_for_message_contact"}),
    "resend_pending_verifications": frozenset(
        {"send_phone_verification_for_message_contact", "list_message_contact_verifications"}
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
TRIGGER_SERVICES = {"mns.aliyuncs.com", "apigateway.aliyuncs.com"}
"""The services that need a role to invoke a function. EventBridge brings its own, and the timer needs none."""

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
    for role in trigger_roles(template):
        yield role, template.with_everything, {"fc:InvokeFunction": frozenset({"<SendFunction.ARN>"})}


def needs_of(template: OurTemplate, function: Place) -> Grants:
    """Return the grants that a function needs outside a VPC: to call the API, to log, to keep failed events."""
    needs = {action_of(method): frozenset({CONTACTS}) for method in CALLS.get(code_file(function), ())}
    needs["log:PostLogStoreLogs"] = frozenset({LOG_STORE})
    for config in template.properties("ALIYUN::FC3::AsyncInvokeConfig"):
        if config.at("FunctionName").target == function.resource:
            queue = config.at("DestinationConfig", "OnFailure", "Destination").by_default
            needs["mns:SendMessage"] = frozenset({str(queue)})
    return needs


def trigger_roles(template: OurTemplate) -> list[Place]:
    """Return the roles that are not of a function: each is of a service that invokes one."""
    of_functions = [function.at("Role").target for function in template.functions()]
    return [role for role in template.resources("ALIYUN::RAM::Role") if role.resource not in of_functions]


def grants_of(role: Place, evaluation: Evaluation) -> Grants:
    """Return the grants of a role, for given parameters."""
    found: dict[str, frozenset[str]] = {}
    for policy in listed(at(evaluation.properties(role.resource), "Policies")):
        for statement in listed(at(policy, "PolicyDocument", "Statement")):
            for action in one_or_many(at(statement, "Action")):
                resources = map(str, one_or_many(at(statement, "Resource")))
                found[str(action)] = found.get(str(action), frozenset()) | set(resources)
    return found


def statements(template: OurTemplate) -> Iterator[Place]:
    """Yield every statement of the roles' policies, with those under Fn::If."""
    for role in template.properties("ALIYUN::RAM::Role"):
        for item in role.at("Policies").items():
            for policy in (item, *item.at("Fn::If").items()):
                yield from policy.at("PolicyDocument", "Statement").items()


def trust(role: Place) -> Place:
    """Return the place of the statements that say who may assume a role."""
    return role.at("Properties", "AssumeRolePolicyDocument", "Statement")


def trusted_services(role: Place) -> list[str]:
    """Return the services that may assume a role."""
    return [
        str(service)
        for statement in trust(role).items()
        for service in listed(statement.at("Principal", "Service").value)
    ]


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
        assert not others, f"expected {function} not to call {', '.join(others)}, or CALLS of {__name__} to say so"


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


def test_only_function_compute_may_assume_the_role_of_a_function(template: OurTemplate) -> None:
    for function in template.functions():
        role = template.at("Resources", function.at("Role").target)
        message = trust(role).expected("trust in one of fc.aliyuncs.com, and nobody else")
        assert trusted_services(role) == ["fc.aliyuncs.com"], message


def test_only_one_service_may_assume_any_other_role(template: OurTemplate) -> None:
    for role in trigger_roles(template):
        services = trusted_services(role)
        message = trust(role).expected(f"trust in one of {', '.join(sorted(TRIGGER_SERVICES))}, and nobody else")
        assert len(services) == 1, message
        assert services[0] in TRIGGER_SERVICES, message


def test_roles_are_for_services_only(template: OurTemplate) -> None:
    for role in template.resources("ALIYUN::RAM::Role"):
        for statement in trust(role).items():
            message = statement.expected("to allow sts:AssumeRole for a service")
            assert statement.at("Effect").value == "Allow", message
            assert statement.at("Action").value == "sts:AssumeRole", message
            assert set(mapping(statement.at("Principal").value)) == {"Service"}, message


def test_roles_have_no_system_policies(template: OurTemplate) -> None:
    for role in template.properties("ALIYUN::RAM::Role"):
        message = "none: the vendor may widen a system policy"
        assert "PolicyAttachments" not in mapping(role.value), role.at("PolicyAttachments").expected(message)


def test_statements_allow_actions(template: OurTemplate) -> None:
    for statement in statements(template):
        effect = statement.at("Effect")
        assert effect.value == "Allow", effect.expected("Allow")


def test_statements_name_the_actions_that_they_allow(template: OurTemplate) -> None:
    for statement in statements(template):
        excluded = statement.at("NotAction")
        assert excluded.value is None, excluded.expected("the actions that are allowed")


def test_statements_name_each_action_in_full(template: OurTemplate) -> None:
    for statement in statements(template):
        for position, action in enumerate(one_or_many(statement.at("Action").value)):
            place = statement.at("Action", position)
            assert "*" not in str(action), place.expected(f"one action by its name, found {action}")


def test_a_comment_says_why_a_statement_is_for_all_resources(template: OurTemplate) -> None:
    lines = template.template.text.splitlines()
    for statement in statements(template):
        for position, resource in enumerate(one_or_many(statement.at("Resource").value)):
            place = statement.at("Resource", position)
            line = template.template.line_of(place.path)
            is_explained = any("#" in lines[near] for near in (line - 1, line - 2))
            assert resource != "*" or is_explained, place.expected("a comment next to it that says why not less")
