"""Both functions reach the internet, and a VPC only where one is named."""

from tests.template.our_template import OurTemplate

VPC = {"VpcId": "<VpcId>", "VSwitchIds": ["<VSwitchId>"], "SecurityGroupId": "<SecurityGroupId>"}


def test_functions_reach_the_internet(template: OurTemplate) -> None:
    for function in template.functions():
        place = function.at("InternetAccess")
        assert place.value is True, place.expected("true: the API is on the internet")


def test_functions_are_in_no_vpc_by_default(template: OurTemplate) -> None:
    for function in template.functions():
        place = function.at("VpcConfig")
        assert place.by_default is None, place.expected("none by default")


def test_functions_are_in_the_vpc_that_is_named(template: OurTemplate) -> None:
    for function in template.functions():
        place = function.at("VpcConfig")
        assert place.with_everything == VPC, place.expected(f"{', '.join(VPC)} by their parameters")
