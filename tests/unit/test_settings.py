"""Environment variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone_verification.settings import InvalidSetting, SendSettings, Settings, SweepSettings

SHARED_DEFAULTS = {
    "resource_directory_endpoint": "https://resourcedirectory.aliyuncs.com",
    "connect_timeout_seconds": 3,
    "read_timeout_seconds": 10,
    "max_attempts": 3,
    "cooldown_store_plaintext": False,
    "cooldown_store_url": "",
    "cooldown_store_ca": "",
    "cooldown_hash_key": "",
    "log_level": "INFO",
}
KEY = "k" * 32


def test_an_empty_environment_means_the_defaults() -> None:
    empty = {"LOG_LEVEL": "", "READ_TIMEOUT_SECONDS": ""}
    assert vars(SendSettings.from_environ(empty)) == {
        **SHARED_DEFAULTS,
        "http_cooldown_seconds": 60,
        "event_cooldown_seconds": 3600,
        "http_sends_per_day": 50,
    }
    assert vars(SweepSettings.from_environ(empty)) == {
        **SHARED_DEFAULTS,
        "sweep_cooldown_seconds": 86400,
        "max_sends_per_run": 20,
        "max_texts_per_number": 3,
        "sweep_channels": "phone,email",
        "max_emails_per_run": 20,
        "max_mails_per_address": 3,
    }


@pytest.mark.parametrize(
    ("url", "plaintext"),
    [
        ("rediss://r-1.redis.rds.aliyuncs.com:6379", ""),
        ("rediss://function:secret@r-1.redis.rds.aliyuncs.com/0", ""),
        ("redis://127.0.0.1:6379/1", ""),
        ("redis://[::1]:6379", ""),
        ("redis://r-1.redis.rds.aliyuncs.com:6379", "true"),
    ],
)
def test_a_store_is_reached_over_tls_or_where_plaintext_is_allowed(url: str, plaintext: str) -> None:
    environ = {"COOLDOWN_STORE_URL": url, "COOLDOWN_STORE_PLAINTEXT": plaintext, "COOLDOWN_HASH_KEY": KEY}
    settings = Settings.from_environ(environ)
    assert settings.cooldown_store_url == url
    assert KEY not in repr(settings)
    assert "r-1" not in repr(settings)


def test_a_store_needs_a_hash_key() -> None:
    with pytest.raises(InvalidSetting, match=r"^COOLDOWN_HASH_KEY: must be at least 32 bytes, where"):
        Settings.from_environ({"COOLDOWN_STORE_URL": "redis://127.0.0.1"})
    with pytest.raises(InvalidSetting, match=r"^COOLDOWN_HASH_KEY: must be at least 32 bytes"):
        Settings.from_environ({"COOLDOWN_STORE_URL": "redis://127.0.0.1", "COOLDOWN_HASH_KEY": KEY[1:]})


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
        ("MAX_ATTEMPTS", "0", "greater than or equal to 1"),
        ("MAX_ATTEMPTS", "6", "less than or equal to 5"),
        ("MAX_ATTEMPTS", "2.5", "integer"),
        ("COOLDOWN_STORE_PLAINTEXT", "maybe", "boolean"),
        ("COOLDOWN_STORE_URL", "redis://r-1.redis.rds.aliyuncs.com", "a rediss:// URL"),
        ("COOLDOWN_STORE_URL", "rediss://", "a URL like rediss://"),
        ("COOLDOWN_STORE_URL", "rediss://host:port", "a URL like rediss://"),
        ("COOLDOWN_STORE_URL", "rediss://host?ssl_cert_reqs=none", "a URL like rediss://"),
        ("COOLDOWN_STORE_URL", "rediss://host/zero", "a URL like rediss://"),
        ("COOLDOWN_STORE_URL", "unix:///tmp/store", "a URL like rediss://"),
        ("COOLDOWN_STORE_URL", "rediss://ho\nst", "a URL like rediss://"),
        ("COOLDOWN_STORE_CA", "missing.pem", "a PEM file of certificates"),
        ("COOLDOWN_HASH_KEY", f"{KEY}\udcff", "text in UTF-8"),
        ("HTTP_COOLDOWN_SECONDS", "-1", "greater than or equal to 0"),
        ("EVENT_COOLDOWN_SECONDS", "2592001", "less than or equal to 2592000"),
        ("HTTP_SENDS_PER_DAY", "-1", "greater than or equal to 0"),
        ("SWEEP_COOLDOWN_SECONDS", "a day", "integer"),
        ("MAX_SENDS_PER_RUN", "0", "greater than or equal to 1"),
        ("MAX_TEXTS_PER_NUMBER", "0", "greater than or equal to 1"),
        ("MAX_TEXTS_PER_NUMBER", "17", "less than or equal to 16"),
        ("MAX_EMAILS_PER_RUN", "0", "greater than or equal to 1"),
        ("MAX_MAILS_PER_ADDRESS", "0", "greater than or equal to 1"),
        ("MAX_MAILS_PER_ADDRESS", "17", "less than or equal to 16"),
        ("SWEEP_CHANNELS", "email,phone", "phone,email, in this order"),
        ("SWEEP_CHANNELS", "phone,phone", "phone,email, in this order"),
        ("SWEEP_CHANNELS", "phone, email", "without blanks"),
        ("SWEEP_CHANNELS", ",", "phone,email, in this order"),
        ("SWEEP_CHANNELS", "Phone", "phone,email, in this order"),
        ("SWEEP_CHANNELS", "phone,sms", "phone,email, in this order"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(name: str, value: str, says: str) -> None:
    settings = SweepSettings if name.lower() in SweepSettings.model_fields else SendSettings
    with pytest.raises(InvalidSetting, match=f"^{name}: must be .*{says}"):
        settings.from_environ({name: value})


def test_authorities_of_a_store_without_tls_are_refused() -> None:
    with pytest.raises(InvalidSetting, match=r"^COOLDOWN_STORE_CA: must be empty with a redis:// URL"):
        Settings.from_environ(
            {"COOLDOWN_STORE_URL": "redis://127.0.0.1", "COOLDOWN_STORE_CA": "ca.pem", "COOLDOWN_HASH_KEY": KEY}
        )


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("phone", ["PhoneNumber"]),
        ("email", ["EmailAddress"]),
        ("phone,email", ["PhoneNumber", "EmailAddress"]),
        ("", ["PhoneNumber", "EmailAddress"]),
    ],
)
def test_the_channels_of_the_sweep_are_named(value: str, fields: list[str]) -> None:
    settings = SweepSettings.from_environ({"SWEEP_CHANNELS": value})
    assert [channel.field for channel in settings.channels] == fields


@pytest.mark.parametrize(
    "value", ["86-13900001234", "zhang.san@example.com", "phone,a-secret", "phone,hunter", "Passphrase", "sms"]
)
def test_of_an_unknown_channel_nothing_is_repeated(value: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        SweepSettings.from_environ({"SWEEP_CHANNELS": value})
    assert str(refused.value) == (
        "SWEEP_CHANNELS: must be one or more of phone,email, in this order and without blanks."
    )


@given(st.sampled_from(sorted({*Settings.model_fields} - {"cooldown_hash_key"})), st.text(min_size=12))
def test_a_bad_value_is_never_echoed(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Settings.from_environ({name.upper(): f"{value} ?"})
    assert value not in str(refused.value)
