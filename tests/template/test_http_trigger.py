"""The URL of the function that sends takes signed POST requests, and is private by default."""

from tests.template.our_template import OurTemplate, Place


def configs(template: OurTemplate) -> list[Place]:
    """Return the TriggerConfig of each HTTP trigger."""
    return [trigger.at("TriggerConfig") for trigger in template.triggers("http")]


def test_requests_must_be_signed(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("authType")
        message = "function, and no way to choose another: anonymous lets everyone in"
        assert place.value == "function", place.expected(message)


def test_only_post_is_taken(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("methods")
        assert place.value == ["POST"], place.expected("POST alone")


def test_the_url_is_off_the_public_internet_by_default(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("disableURLInternet")
        assert place.by_default is True, place.expected("true by default")


def test_a_parameter_opens_the_url_to_the_internet(template: OurTemplate) -> None:
    for config in configs(template):
        place = config.at("disableURLInternet")
        assert place.with_everything is False, place.expected("false where a parameter opens it")
