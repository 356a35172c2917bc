"""The environment variables of the functions, validated once.

A variable that is empty counts as absent, since a template cannot leave one out. Source of the endpoints: the vendor's
page "Endpoints" of ResourceDirectoryMaster 2022-04-19.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from cooldown.record import MAX_TEXTS_REMEMBERED
from fcapi.models import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

AnySettings = TypeVar("AnySettings", bound="Settings")

MIN_HASH_KEY_BYTES = 32
THIRTY_DAYS = 30 * 24 * 60 * 60


class InvalidSetting(Exception):
    """An environment variable has a bad value. The message names the variable and the values that it takes."""


_HOST = r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?P<port>:[0-9]{1,5})?"


def _endpoint_url(value: str) -> str:
    """Return scheme and authority of a host or URL; plain http is for loopback alone, since requests carry numbers."""
    match = re.fullmatch(rf"(?:(?P<scheme>https?)://)?{_HOST}/?", value)
    if match is None:
        raise ValueError("a host or an http(s) URL without a path")
    scheme, host, port = match["scheme"] or "https", match["host"].lower(), match["port"] or ""
    if scheme == "http" and not _is_loopback(host):
        raise ValueError("an https URL: plain http is for loopback addresses only")
    return f"{scheme}://{host}{port}"


def _store_url(value: str, info: ValidationInfo) -> str:
    """Return the URL of a store. It has no query: a client takes options from there, TLS's among them."""
    match = re.fullmatch(rf"(?P<scheme>rediss?)://(?:[!-.0->A-~]*@)?{_HOST}(?:/[0-9]{{0,4}})?", value)
    if match is None:
        raise ValueError("a URL like rediss://user:password@host:6379/0")
    if match["scheme"] == "redis" and not (_is_loopback(match["host"]) or info.data.get("cooldown_store_plaintext")):
        raise ValueError("a rediss:// URL: redis:// is for loopback addresses, or with COOLDOWN_STORE_PLAINTEXT=true")
    return value


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "[::1]") or re.fullmatch(r"127(?:\.[0-9]{1,3}){3}", host) is not None


def _hash_key(value: str, info: ValidationInfo) -> str:
    if info.data.get("cooldown_store_url") and len(value.encode()) < MIN_HASH_KEY_BYTES:
        raise ValueError(f"at least {MIN_HASH_KEY_BYTES} bytes, where there is a COOLDOWN_STORE_URL")
    return value


Seconds = Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)]
Window = Annotated[int, Field(ge=0, le=THIRTY_DAYS)]


class Settings(BaseModel):
    """The settings of both functions; each field is the environment variable of its name in upper case."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    resource_directory_endpoint: Annotated[str, AfterValidator(_endpoint_url)] = (
        "https://resourcedirectory.aliyuncs.com"
    )
    connect_timeout_seconds: Seconds = 3
    read_timeout_seconds: Seconds = 10
    max_attempts: Annotated[int, Field(ge=1, le=5)] = 3
    cooldown_store_plaintext: bool = False
    cooldown_store_url: Annotated[str, AfterValidator(_store_url), Field(repr=False)] = ""
    cooldown_hash_key: Annotated[str, AfterValidator(_hash_key), Field(repr=False, validate_default=True)] = ""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"

    @classmethod
    def from_environ(cls: type[AnySettings], environ: Mapping[str, str]) -> AnySettings:
        """Return the settings in `environ`.

        Raises:
            InvalidSetting: a variable has a bad value.

        """
        given = {name: environ[name.upper()] for name in cls.model_fields if environ.get(name.upper())}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise InvalidSetting(f"{str(first['loc'][0]).upper()}: {_what_it_takes(first['msg'])}.") from None


class SendSettings(Settings):
    """Further settings of function 1; windows in seconds, 0 means no window."""

    http_cooldown_seconds: Window = 60
    event_cooldown_seconds: Window = 3600
    http_sends_per_day: Annotated[int, Field(ge=0)] = 50


class SweepSettings(Settings):
    """Further settings of function 2; the window in seconds, 0 means no window."""

    sweep_cooldown_seconds: Window = 86_400
    max_sends_per_run: Annotated[int, Field(ge=1)] = 20
    max_texts_per_number: Annotated[int, Field(ge=1, le=MAX_TEXTS_REMEMBERED)] = 3


def _what_it_takes(message: str) -> str:
    return "must be " + message.removeprefix("Value error, ").removeprefix("Input should be ")
