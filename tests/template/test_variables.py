"""The environment variables of each function are its settings, with the same defaults."""

from collections.abc import Iterator, Mapping

from local.template.document import mapping
from phone_verification.settings import InvalidSetting, SendSettings, Settings, SweepSettings
from tests.template.our_template import OurTemplate, Place, code_file

SETTINGS: Mapping[str, type[Settings]] = {
    "send_phone_verification": SendSettings,
    "resend_pending_verifications": SweepSettings,
}
ENDPOINTS = {"China": "resourcedirectory.aliyuncs.com", "International": "resourcedirectory-intl.aliyuncs.com"}
"""Source: the page "Endpoints" of ResourceDirectoryMaster 2022-04-19."""


def names_of(settings: type[Settings]) -> set[str]:
    """Return the variables that settings are read from."""
    return {name.upper() for name in settings.model_fields}


def settings_and_variables(template: OurTemplate) -> Iterator[tuple[type[Settings], Place]]:
    """Yield the settings and the variables of each function."""
    for function in template.functions():
        if code_file(function) in SETTINGS:  # of another function, test_handlers fails
            yield SETTINGS[code_file(function)], function.at("EnvironmentVariables")


def each_variable(template: OurTemplate) -> Iterator[tuple[type[Settings], str, Place]]:
    """Yield settings, name and place of each variable that the settings read."""
    for settings, variables in settings_and_variables(template):
        for name in sorted(mapping(variables.value).keys() & names_of(settings)):
            yield settings, name, variables.at(name)


def read(settings: type[Settings], name: str, place: Place) -> tuple[object, InvalidSetting | None]:
    """Return a setting as it is with the default of its variable, or why the settings refuse that."""
    try:
        return getattr(settings.from_environ({name: str(place.by_default)}), name.lower()), None
    except InvalidSetting as error:
        return None, error


def test_every_setting_is_a_variable(template: OurTemplate) -> None:
    for settings, variables in settings_and_variables(template):
        for name in sorted(names_of(settings)):
            place = variables.at(name)
            assert name in mapping(variables.value), place.expected("this variable, which the settings read")


def test_every_variable_is_a_setting(template: OurTemplate) -> None:
    for settings, variables in settings_and_variables(template):
        for name in mapping(variables.value):
            place = variables.at(name)
            assert name in names_of(settings), place.expected("no variable that the settings do not read")


def test_every_variable_is_a_text(template: OurTemplate) -> None:
    for _, _, place in each_variable(template):
        assert isinstance(place.by_default, str), place.expected(f"a text, as variables are, found {place.by_default}")


def test_the_settings_take_every_default(template: OurTemplate) -> None:
    for settings, name, place in each_variable(template):
        _, problem = read(settings, name, place)
        assert problem is None, place.expected(f"a value that the settings take: {problem}")


def test_every_default_is_that_of_the_settings(template: OurTemplate) -> None:
    for settings, name, place in each_variable(template):
        found, problem = read(settings, name, place)
        default = getattr(settings.from_environ({}), name.lower())
        assert problem or found == default, place.expected(f"the settings' default, {default}")


def test_each_site_has_its_endpoint(template: OurTemplate) -> None:
    for site, endpoint in ENDPOINTS.items():
        place = template.at("Mappings", "Sites", site, "Endpoint")
        assert place.value == endpoint, place.expected(endpoint)


def test_the_endpoint_is_that_of_the_parameter_site(template: OurTemplate) -> None:
    for function in template.functions():
        place = function.at("EnvironmentVariables", "RESOURCE_DIRECTORY_ENDPOINT")
        wanted = {"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "Endpoint"]}
        assert place.value == wanted, place.expected("the endpoint of the parameter Site")
