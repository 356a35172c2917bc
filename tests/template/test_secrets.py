"""Secrets come from parameters that the console hides, and go to the functions only."""

from collections.abc import Iterator

from local.template.document import at
from local.template.intrinsics import Reference, references
from tests.template.our_template import OurTemplate, Place

SECRETS = ("COOLDOWN_STORE_URL", "COOLDOWN_HASH_KEY")
"""The variables with secrets: a store's URL has its password in it."""

APP_SECRETS = ("AppSecret", "AppCode", "AppKey")
"""The secret attributes of an app of the API gateway."""


def secret_variables(template: OurTemplate) -> Iterator[tuple[Place, Place]]:
    """Yield each variable with a secret, and the parameter that it comes from."""
    for function in template.functions():
        for name in SECRETS:
            variable = function.at("EnvironmentVariables", name)
            yield variable, template.at("Parameters", str(at(variable.value, "Ref")))


def all_references(template: OurTemplate) -> Iterator[Reference]:
    return references(dict(template.template.data), ())


def test_secrets_come_from_hidden_parameters(template: OurTemplate) -> None:
    for variable, parameter in secret_variables(template):
        assert parameter.at("NoEcho").value is True, variable.expected("a Ref to a parameter with NoEcho: true")


def test_secrets_have_no_default(template: OurTemplate) -> None:
    for _, parameter in secret_variables(template):
        default = parameter.at("Default")
        assert not default.value, default.expected("no default but the empty one")


def test_secrets_go_into_variables_only(template: OurTemplate) -> None:
    secret = {parameter.path[-1] for _, parameter in secret_variables(template)}
    for reference in all_references(template):
        message = f"no use of the secret {reference.target} but in a variable"
        is_in_variable = "EnvironmentVariables" in reference.path
        assert is_in_variable or reference.target not in secret, template.at(*reference.path).expected(message)


def test_no_secret_is_an_output(template: OurTemplate) -> None:
    for reference in all_references(template):
        is_secret = reference.path[0] == "Outputs" and reference.attribute in APP_SECRETS
        assert not is_secret, template.at(*reference.path).expected("no secret among the outputs")
