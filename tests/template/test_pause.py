"""The functions are made some time after the log project and the roles, which the platform does not see at once."""

from local.template.document import mapping
from tests.template.our_template import OurTemplate, one_or_many

MINUTE = 60


def test_the_functions_wait(template: OurTemplate) -> None:
    for function in template.resources("ALIYUN::FC3::Function"):
        place = function.at("DependsOn")
        assert place.value == "Pause", place.expected("Pause")


def test_the_pause_begins_after_the_log_store_and_what_the_roles_may_do(template: OurTemplate) -> None:
    policies = {policy.resource for policy in template.resources("ALIYUN::RAM::ManagedPolicy")}
    needed = {"LogStore", *(role.resource for role in template.roles_of_functions()), *policies}
    place = template.at("Resources", "Pause", "DependsOn")
    missing = sorted(needed - {str(name) for name in one_or_many(place.value)})
    assert not missing, place.expected(f"also {', '.join(missing)}")


def test_the_pause_is_longer_than_the_reported_minute(template: OurTemplate) -> None:
    place = template.at("Resources", "Pause", "Properties", "CreateDuration")
    assert isinstance(place.value, int), place.expected("seconds")
    assert place.value > MINUTE, place.expected(f"more than {MINUTE}")


def test_the_functions_wait_again_before_they_enter_a_vpc(template: OurTemplate) -> None:
    properties = template.at("Resources", "Pause", "Properties")
    assert properties.at("UpdateDuration").value, properties.at("UpdateDuration").expected("seconds")
    triggers = properties.at("Triggers")
    assert {"Ref": "VpcId"} in mapping(triggers.value).values(), triggers.expected("the parameter VpcId")
