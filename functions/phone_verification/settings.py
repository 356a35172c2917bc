"""The environment variables of the functions, validated once.

A variable that is empty counts as absent, since a template cannot leave one out. Source of the endpoints: the vendor's
page "Endpoints" of ResourceDirectoryMaster 2022-04-19.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class InvalidSetting(Exception):
    """An environment variable has a value that cannot be meant; the message names it and what it takes."""


def _endpoint_url(value: str) -> str:
    """Return scheme and authority of a host or URL; plain http is for loopback alone, since requests carry numbers."""
    match = re.fullmatch(
        r"(?:(?P<scheme>https?)://)?(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?P<port>:[0-9]{1,5})?/?", value
    )
    if match is None:
        raise ValueError("a host or an http(s) URL without a path")
    scheme, host, port = match["scheme"] or "https", match["host"].lower(), match["port"] or ""
    if scheme == "http" and not _is_loopback(host):
        raise ValueError("an https URL: plain http is for loopback addresses only")
    return f"{scheme}://{host}{port}"


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "[::1]") or re.fullmatch(r"127(?:\.[0-9]{1,3}){3}", host) is not None


Seconds = Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)]


class Settings(BaseModel):
    """Each field is the environment variable of its name in upper case."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    resource_directory_endpoint: Annotated[str, AfterValidator(_endpoint_url)] = (
        "https://resourcedirectory.aliyuncs.com"
    )
    connect_timeout_seconds: Seconds = 3
    read_timeout_seconds: Seconds = 10
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = "INFO"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
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


def _what_it_takes(message: str) -> str:
    return "must be " + message.removeprefix("Value error, ").removeprefix("Input should be ")
