"""Reads values for the template's parameters: from words, JSON or TOML."""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.account import WrongCall


def read_values(words: str, file: Path | None) -> dict[str, str]:
    """Return the values in `words`, which are `NAME=VALUE` quoted as in a shell, and in `file`, one JSON object.

    Raises:
        WrongCall: either cannot be read; no value is repeated, since it may be a secret.

    """
    values: dict[str, str] = {}
    if file:
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise WrongCall(f"PARAMETERS_FILE={file} cannot be read as JSON.") from None
        if not isinstance(document, dict):
            raise WrongCall(f"PARAMETERS_FILE={file} must be one JSON object.")
        values = texts(document, f"PARAMETERS_FILE={file}")
    try:
        given = shlex.split(words)
    except ValueError:
        raise WrongCall("PARAMETERS cannot be read: a quotation mark or backslash is left open.") from None
    for position, word in enumerate(given, start=1):
        name, equals, value = word.partition("=")
        if not equals:
            raise WrongCall(f"PARAMETERS: word {position} is not NAME=VALUE; quote a value that has blanks.")
        values[name] = value
    return values


def texts(values: Mapping[str, Any], where: str) -> dict[str, str]:
    """Return values of JSON or TOML as the service takes them: as text.

    Raises:
        WrongCall: one is neither text nor a number nor true or false.

    """
    if wrong := sorted(name for name, value in values.items() if not isinstance(value, (str, int, float))):
        raise WrongCall(f"{where}: {', '.join(wrong)} must be text, a number, true or false.")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}
