"""Each role is for one service, and its statements name the actions that they allow."""

from collections.abc import Iterator

from local.template.document import listed, mapping
from tests.template.our_template import OurTemplate, Place, one_or_many

TRIGGER_SERVICES = {"mns.aliyuncs.com"}
"""The services that need a role to invoke a function. EventBridge and gateway have their own, the timer none."""


def statements(template: OurTemplate) -> Iterator[Place]:
    """Yield every statement of the roles' own policies, and of those that are attached to roles."""
    for role in template.properties("ALIYUN::RAM::Role"):
        for policy in role.at("Policies").items():
            yield from policy.at("PolicyDocument", "Statement").items()
    for policy in template.properties("ALIYUN::RAM::ManagedPolicy"):
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


def test_only_function_compute_may_assume_the_role_of_a_function(template: OurTemplate) -> None:
    for role in template.roles_of_functions():
        message = trust(role).expected("trust in one of fc.aliyuncs.com, and nobody else")
        assert trusted_services(role) == ["fc.aliyuncs.com"], message


def test_only_one_service_may_assume_any_other_role(template: OurTemplate) -> None:
    for role in template.other_roles():
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
