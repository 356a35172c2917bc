"""Structured logs: one JSON object a line, flat snake_case keys, named as the powertools Logger names them.

Lines do not go through the root logger: the runtime puts a prefix before each of its lines, which then is not JSON.
"""

import json
import re
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from fcapi.context import Context, function_version, retry_count
from fcapi.redaction import MASK, redact

# Made once: json.dumps makes one for each call that asks for no blanks.
_ENCODER = json.JSONEncoder(separators=(",", ":"))

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
LogValue = str | int | float | bool | Mapping[str, object] | None

LEVELS: Mapping[Level, int] = MappingProxyType({"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40})
MAX_EXCEPTION_CHARACTERS = 12 * 1024
"""Function Compute cuts a line at 32 KB; this many printable ones, escaped, stay below that."""

_CHARACTERS_LOOKED_AT = 4 * MAX_EXCEPTION_CHARACTERS
"""So much of a trace's end is redacted, since redaction leaves less of it."""

_LONGEST_LINE = 2048
"""A longer line of a trace is not of code, but data that a message holds."""


class Logger:
    """Writes log lines with the fields that are bound to it. It never changes: `bind` returns another one.

    `write` takes one whole line, newline included; `now` is the clock, in Unix seconds; `secrets` are values that no
    line may show. A field whose value is None is left out.
    """

    def __init__(
        self,
        service: str,
        level: Level,
        write: Callable[[str], object],
        now: Callable[[], float],
        fields: Mapping[str, LogValue] = MappingProxyType({}),
        secrets: tuple[str, ...] = (),
    ) -> None:
        self._service = service
        self._level = level
        self._write = write
        self._now = now
        self._fields = fields
        self._secrets = secrets

    def bind(self, hiding: Sequence[str] = (), /, **fields: LogValue) -> "Logger":
        """Return a logger whose lines carry `fields` too; none of `hiding` shows in an exception."""
        secrets = (*self._secrets, *filter(None, hiding))
        return Logger(self._service, self._level, self._write, self._now, {**self._fields, **fields}, secrets)

    def shows(self, level: Level) -> bool:
        """Tell whether lines at this level are written."""
        return LEVELS[level] >= LEVELS[self._level]

    def log(self, level: Level, message: str, /, **fields: LogValue) -> None:
        """Write one line, if `level` is not below the logger's own. `message` is a constant; what varies is a field."""
        if not self.shows(level):
            return
        line = {
            "level": level,
            "message": message,
            "timestamp": _timestamp(self._now()),
            "service": self._service,
            **self._fields,
            **fields,
        }
        present = {key: value for key, value in line.items() if value is not None}
        # ASCII only, so that no character of a value can end the line or turn its direction.
        self._write(_ENCODER.encode(present) + "\n")

    def exception(self, message: str, error: BaseException) -> None:
        """Write one line at ERROR with the exception's name and stack trace, redacted."""
        trace = redact(_end_of_trace(error), self._secrets)
        printable = re.sub(r"[^\n\x20-\x7e]", "?", trace)
        self.log("ERROR", message, exception_name=type(error).__name__, exception=printable[-MAX_EXCEPTION_CHARACTERS:])


def invocation_fields(context: Context) -> dict[str, LogValue]:
    """Return the context's values of function and invocation, by the names of the powertools Logger."""
    return {
        "function_name": context.function.name,
        "function_version": function_version(context),
        "function_memory_size": context.function.memory,
        "function_request_id": context.request_id,
        "correlation_id": context.request_id,
        "region": context.region,
        "retry_count": retry_count(context),
    }


def _end_of_trace(error: BaseException) -> str:
    """Return the last lines of an error's trace, each whole or hidden: half of an address may not look like one."""
    lines = "".join(traceback.format_exception(error)).split("\n")
    trace = "\n".join(line if len(line) <= _LONGEST_LINE else MASK for line in lines)
    if len(trace) <= _CHARACTERS_LOOKED_AT:
        return trace
    return trace[-_CHARACTERS_LOOKED_AT:].partition("\n")[2]


def _timestamp(now: float) -> str:
    seconds, milliseconds = divmod(int(now * 1000), 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{milliseconds:03}Z"
