"""The context and the credentials of both runtimes."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from fcapi.context import Context, function_version, retry_count, timeout_seconds
from fcapi.credentials import Credentials, MissingCredentials, injected_credentials
from fcapi.testing import ContextCredentials, Python312Context, PythonVersion, make_context

RUNTIMES: list[PythonVersion] = ["python3.10", "python3.12"]
IN_CONTEXT = ContextCredentials("LTAIcontext", "secret-of-the-context", "token-of-the-context")
IN_ENVIRONMENT = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIenvironment",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret-of-the-environment",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "token-of-the-environment",
}


def read(context: Context, environ: Mapping[str, str]) -> Credentials:
    return injected_credentials(context, environ).require()


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_time_limit_is_a_number_of_seconds_on_every_runtime(runtime: PythonVersion) -> None:
    assert timeout_seconds(make_context(runtime, timeout=45)) == 45


@pytest.mark.parametrize("timeout", ["soon", None, "", -1, 0, 86_401, "nan", "inf"])
def test_a_time_limit_that_is_none_counts_as_the_platforms_default(timeout: object) -> None:
    context = make_context("python3.12")
    assert isinstance(context, Python312Context)
    broken = replace(context, function=replace(context.function, timeout=timeout))  # type: ignore[arg-type] # the point
    assert timeout_seconds(broken) == 60


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_version_is_found_where_the_runtime_has_it(runtime: PythonVersion) -> None:
    assert function_version(make_context(runtime)) == "LATEST"


def test_a_version_that_no_context_names_is_none() -> None:
    context = make_context("python3.12")
    assert isinstance(context, Python312Context)
    assert function_version(replace(context, function=replace(context.function, version_id=""))) is None


def test_the_retry_count_is_known_where_the_runtime_tells() -> None:
    assert retry_count(make_context("python3.10")) == 0
    assert retry_count(make_context("python3.12")) is None


def test_python_310_has_its_credentials_in_the_context() -> None:
    credentials = read(make_context("python3.10", credentials=IN_CONTEXT), IN_ENVIRONMENT)
    assert credentials.access_key_id == "LTAIcontext"
    assert credentials.access_key_secret == "secret-of-the-context"
    assert credentials.security_token == "token-of-the-context"


def test_python_312_has_its_credentials_in_the_environment() -> None:
    credentials = read(make_context("python3.12"), IN_ENVIRONMENT)
    assert credentials.access_key_id == "LTAIenvironment"
    assert credentials.access_key_secret == "secret-of-the-environment"
    assert credentials.security_token == "token-of-the-environment"


def test_an_empty_security_token_is_none() -> None:
    environ = {**IN_ENVIRONMENT, "ALIBABA_CLOUD_SECURITY_TOKEN": ""}
    assert read(make_context("python3.12"), environ).security_token is None


def test_a_secret_of_the_environment_never_completes_a_key_of_the_context() -> None:
    context = make_context("python3.10", credentials=ContextCredentials("LTAIcontext", ""))
    with pytest.raises(MissingCredentials):
        read(context, IN_ENVIRONMENT)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_no_credentials_is_an_error_that_says_what_to_do(runtime: PythonVersion) -> None:
    with pytest.raises(MissingCredentials, match="give the function a role"):
        read(make_context(runtime), {})


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "access key id"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "access key secret"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "security token"),
    ],
)
def test_credentials_that_could_not_be_a_header_are_refused_without_being_shown(variable: str, name: str) -> None:
    with pytest.raises(MissingCredentials) as refused:
        read(make_context("python3.12"), {**IN_ENVIRONMENT, variable: "one-with\nnewline"})
    assert str(refused.value) == f"The injected {name} has characters that no {name} has."


def test_no_repr_shows_credentials() -> None:
    context = make_context("python3.10", credentials=IN_CONTEXT)
    shown = repr(context) + repr(injected_credentials(context, {})) + repr(read(context, {}))
    for part in ("LTAIcontext", "secret-of-the-context", "token-of-the-context"):
        assert part not in shown
