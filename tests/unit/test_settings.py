"""Environment variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone_verification.settings import InvalidSetting, Settings


def test_an_empty_environment_means_the_defaults() -> None:
    settings = Settings.from_environ({"LOG_LEVEL": "", "READ_TIMEOUT_SECONDS": ""})
    assert settings.model_dump() == {
        "resource_directory_endpoint": "https://resourcedirectory.aliyuncs.com",
        "connect_timeout_seconds": 3,
        "read_timeout_seconds": 10,
        "log_level": "INFO",
    }


@pytest.mark.parametrize(
    ("value", "endpoint"),
    [
        ("resourcedirectory-intl.aliyuncs.com", "https://resourcedirectory-intl.aliyuncs.com"),
        ("https://resourcedirectory.aliyuncs.com/", "https://resourcedirectory.aliyuncs.com"),
        ("https://Proxy.Example.com:8443", "https://proxy.example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_endpoint_is_a_host_or_a_url(value: str, endpoint: str) -> None:
    assert Settings.from_environ({"RESOURCE_DIRECTORY_ENDPOINT": value}).resource_directory_endpoint == endpoint


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("RESOURCE_DIRECTORY_ENDPOINT", "http://resourcedirectory.aliyuncs.com", "loopback"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "http://127.evil.example.com", "loopback"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "http://127.0.0.1.example.com", "loopback"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "https://user:password@example.com", "without a path"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "https://example.com/path", "without a path"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "https://example.com?ContactId=c-1", "without a path"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "ftp://example.com", "without a path"),
        ("RESOURCE_DIRECTORY_ENDPOINT", "example.com\nx-acs-action: other", "without a path"),
        ("CONNECT_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("CONNECT_TIMEOUT_SECONDS", "soon", "number"),
        ("READ_TIMEOUT_SECONDS", "nan", "finite"),
        ("READ_TIMEOUT_SECONDS", "301", "less than or equal to 300"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(name: str, value: str, says: str) -> None:
    with pytest.raises(InvalidSetting, match=f"^{name}: must be .*{says}"):
        Settings.from_environ({name: value})


@given(st.sampled_from(list(Settings.model_fields)), st.text(min_size=12))
def test_a_bad_value_is_never_echoed(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Settings.from_environ({name.upper(): f"{value} ?"})
    assert value not in str(refused.value)
