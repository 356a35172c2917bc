"""A parameter that cannot be changed once the stack exists says so.

Source: the column "Editable" of the ROS pages of these types. Such an update fails, unless the resource is replaced.
"""

from collections.abc import Mapping, Sequence

from local.template.intrinsics import references
from tests.template.our_template import OurTemplate

NOT_EDITABLE: Mapping[str, Sequence[tuple[str, ...]]] = {
    "ALIYUN::FC3::ConcurrencyConfig": [("ReservedConcurrency",)],
    "ALIYUN::FC3::AsyncInvokeConfig": [()],
    "ALIYUN::FC3::Trigger": [("FunctionName",), ("TriggerName",), ("TriggerType",), ("SourceArn",)],
    "ALIYUN::SLS::Alert": [
        ("Detail", "State"),
        ("Detail", "Configuration", "PolicyConfiguration", "ActionPolicyId"),
        ("Detail", "Configuration", "PolicyConfiguration", "RepeatInterval"),
    ],
    "ALIYUN::APIG::Service": [("GatewayId",), ("ServiceName",), ("SourceType",)],
    "ALIYUN::APIG::HttpApi": [("HttpApiName",), ("BelongGatewayId",)],
    "ALIYUN::APIG::Domain": [("DomainName",)],
    "ALIYUN::APIG::Consumer": [("Name",)],
}
SAYS = "Cannot be changed later."


def test_a_parameter_that_cannot_be_changed_says_so(template: OurTemplate) -> None:
    for resource_type, properties in NOT_EDITABLE.items():
        for resource in template.properties(resource_type):
            for steps in properties:
                place = resource.at(*steps)
                for reference in references(place.value, place.path):
                    if reference.target in template.template.section("Parameters"):
                        description = template.at("Parameters", reference.target, "Description")
                        text = " ".join(str(description.value).split())
                        assert SAYS in text, description.expected(f"{SAYS!r}, as {resource.resource} needs it")


def test_a_parameter_that_can_be_changed_does_not_say_so(template: OurTemplate) -> None:
    fixed = {"NamePrefix"}  # the name of every resource
    for resource_type, properties in NOT_EDITABLE.items():
        for resource in template.properties(resource_type):
            for steps in properties:
                fixed |= {reference.target for reference in references(resource.at(*steps).value, ())}
    for name in template.template.section("Parameters"):
        description = template.at("Parameters", name, "Description")
        is_said = SAYS in " ".join(str(description.value).split())
        assert not is_said or name in fixed, description.expected(f"no {SAYS!r}: no property of the list depends on it")
