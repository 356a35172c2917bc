"""Secrets come from parameters that the console hides, and go to the functions only."""

from collections.abc import Iterator

from local.template.document import at
from local.template.intrinsics import Reference, references
from tests.template.our_template import OurTemplate, Place

SECRETS = ("COOLDOWN_STORE_URL", "COOLDOWN_HASH_KEY")
"""The variables with secrets: a store's URL has its password in it."""

SECRET_OF_CALLER = "Sk"
"""The secret half of the key pair of the API gateway's caller."""


def secrets(template: OurTemplate) -> Iterator[tuple[Place, Place]]:
    """Yield each place of a secret, and the parameter that it comes from."""
    places = [function.at("EnvironmentVariables", name) for function in template.functions() for name in SECRETS]
    for caller in template.properties("ALIYUN::APIG::Consumer"):
        places += [pair.at(SECRET_OF_CALLER) for pair in caller.at("AkSkIdentityConfigs").items()]
    for place in places:
        yield place, template.at("Parameters", str(at(place.value, "Ref")))


def all_references(template: OurTemplate) -> Iterator[Reference]:
    return references(dict(template.template.data), ())


def test_secrets_come_from_hidden_parameters(template: OurTemplate) -> None:
    for place, parameter in secrets(template):
        assert parameter.at("NoEcho").value is True, place.expected("a Ref to a parameter with NoEcho: true")


def test_secrets_have_no_default(template: OurTemplate) -> None:
    for _, parameter in secrets(template):
        default = parameter.at("Default")
        assert not default.value, default.expected("no default but the empty one")


def test_secrets_go_to_functions_and_the_gateways_caller_only(template: OurTemplate) -> None:
    """A condition may ask whether one is empty."""
    secret = {parameter.path[-1] for _, parameter in secrets(template)}
    for reference in all_references(template):
        message = f"no use of the secret {reference.target} but in a variable, or as the caller's secret"
        is_allowed = "EnvironmentVariables" in reference.path or reference.path[-1] == SECRET_OF_CALLER
        is_allowed = is_allowed or reference.path[0] == "Conditions"
        assert is_allowed or reference.target not in secret, template.at(*reference.path).expected(message)
