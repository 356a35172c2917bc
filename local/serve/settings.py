"""Reads and checks the settings of the served functions, before the first request."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import parse_stream

from phone_verification.settings import SendSettings, SweepSettings

_SETTINGS = (SendSettings, SweepSettings)
_ALIKE = 0.85
"""How much a name must be like one of ours to be taken for a slip of the pen, from 0 to 1."""


class BadEnvFile(Exception):
    """A file of settings cannot be read; the message says where."""


def read_env_file(path: Path) -> dict[str, str]:
    """Return the variables in a file of lines NAME=VALUE, as shells and other tools write them.

    Raises:
        BadEnvFile: a line is something else.

    """
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig") as file:
            for binding in parse_stream(file):
                if binding.error or (binding.key is not None and binding.value is None):
                    raise BadEnvFile(f"{path}, line {binding.original.line}: it must be NAME=VALUE.")
                if binding.key is not None:
                    found[binding.key] = binding.value or ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadEnvFile(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}.") from None
    return found


def check_settings(environ: Mapping[str, str]) -> None:
    """Check the settings of every function; the API's endpoint is not among them, since the emulator is one.

    Raises:
        InvalidSetting: a variable has a bad value; the message names it.

    """
    without_endpoint = {name: value for name, value in environ.items() if name != "RESOURCE_DIRECTORY_ENDPOINT"}
    for settings in _SETTINGS:
        settings.from_environ(without_endpoint)


def misspelt(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each variable that no function reads but whose name is almost that of a setting, with that name."""
    known = {name.upper() for settings in _SETTINGS for name in settings.model_fields}
    for name in sorted(environ.keys() - known):
        for meant in get_close_matches(name.upper(), sorted(known), 1, _ALIKE):
            yield name, meant
