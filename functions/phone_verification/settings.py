"""The environment variables of the functions, validated once.

A variable that is empty counts as absent, since a template cannot leave one out. Source of the endpoints: the vendor's
page "Endpoints" of ResourceDirectoryMaster 2022-04-19.
"""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from cooldown.address import StoreAddress
from cooldown.record import MAX_TEXTS_REMEMBERED
from fcapi.logger import LogValue
from fcapi.models import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo
from phone_verification.addresses import endpoint_url, store_address
from phone_verification.channel import CHANNELS, Channel

AnySettings = TypeVar("AnySettings", bound="Settings")

MIN_HASH_KEY_BYTES = 32
THIRTY_DAYS = 30 * 24 * 60 * 60

_CODE = Path(__file__).parents[1]
"""The folder of the code: that of the package, or of the sources."""


class InvalidSetting(Exception):
    """An environment variable has a bad value. The message names the variable and the values that it takes."""


def _store_url(value: str, info: ValidationInfo) -> str:
    store_address(value, plaintext=bool(info.data.get("cooldown_store_plaintext")))
    return value


def _store_ca(value: str, info: ValidationInfo) -> str:
    """Return the path of a PEM file of certificates, which is absolute or begins at the folder of the code."""
    if info.data.get("cooldown_store_url", "").startswith("redis://"):
        raise ValueError("empty with a redis:// URL, which opens no TLS; TLS needs a rediss:// URL")
    path = str(_CODE / value)
    try:
        trusted = ssl.create_default_context(cafile=path).cert_store_stats()["x509"]
    except (OSError, ValueError):
        trusted = 0
    if not trusted:
        raise ValueError("the path of a PEM file of certificates, absolute or in the package")
    return path


def _hash_key(value: str, info: ValidationInfo) -> str:
    try:
        key = value.encode()
    except UnicodeEncodeError:  # bytes of the environment that are no UTF-8
        raise ValueError("text in UTF-8") from None
    if info.data.get("cooldown_store_url") and len(key) < MIN_HASH_KEY_BYTES:
        raise ValueError(f"at least {MIN_HASH_KEY_BYTES} bytes, where there is a COOLDOWN_STORE_URL")
    return value


def _channels(value: str) -> str:
    names = value.split(",")
    if names != [name for name in CHANNELS if name in names]:
        raise ValueError(f"one or more of {','.join(CHANNELS)}, in this order and without blanks")
    return value


Seconds = Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)]
Window = Annotated[int, Field(ge=0, le=THIRTY_DAYS)]


class Settings(BaseModel):
    """The settings of both functions; each field is the environment variable of its name in upper case."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    resource_directory_endpoint: Annotated[str, AfterValidator(endpoint_url)] = "https://resourcedirectory.aliyuncs.com"
    connect_timeout_seconds: Seconds = 3
    read_timeout_seconds: Seconds = 10
    max_attempts: Annotated[int, Field(ge=1, le=5)] = 3
    cooldown_store_plaintext: bool = False
    cooldown_store_url: Annotated[str, AfterValidator(_store_url), Field(repr=False)] = ""
    cooldown_store_ca: Annotated[str, AfterValidator(_store_ca)] = ""
    cooldown_hash_key: Annotated[str, AfterValidator(_hash_key), Field(repr=False, validate_default=True)] = ""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"

    @property
    def cooldown_store(self) -> StoreAddress | None:
        """The parts of the store's URL, or None where there is no store."""
        if not self.cooldown_store_url:
            return None
        return store_address(self.cooldown_store_url, plaintext=self.cooldown_store_plaintext)

    def loggable(self) -> Iterator[tuple[str, LogValue]]:
        """Yield name and value of each setting as a log line may show them: of a secret, only whether it is set."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            yield name, value if field.repr and value != "" else "set" if value else "not set"

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
    """Further settings of function 2; the window in seconds, of every channel; 0 means no window."""

    sweep_cooldown_seconds: Window = 86_400
    max_sends_per_run: Annotated[int, Field(ge=1)] = 20
    max_texts_per_number: Annotated[int, Field(ge=1, le=MAX_TEXTS_REMEMBERED)] = 3
    sweep_channels: Annotated[str, AfterValidator(_channels)] = "phone,email"
    max_emails_per_run: Annotated[int, Field(ge=1)] = 20
    max_mails_per_address: Annotated[int, Field(ge=1, le=MAX_TEXTS_REMEMBERED)] = 3

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are swept."""
        return tuple(CHANNELS[name] for name in self.sweep_channels.split(","))


def _what_it_takes(message: str) -> str:
    return "must be " + message.removeprefix("Value error, ").removeprefix("Input should be ")
