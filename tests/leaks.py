"""Looks for phone numbers, e-mail addresses and credentials in what leaves the process, over the whole suite."""

import json
import re
import socket
import ssl
import subprocess
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

from local.instances.instance import Instance, InvocationResult
from phone_verification import components
from phone_verification.function import Function
from tests.addresses import ADDRESSES
from tests.handlers import EXAMPLE_IN_HINT
from tests.stores import HASH_KEY

SECRETS = re.compile(f"local-secret|{HASH_KEY}")
CREDENTIALS = re.compile(rf"{SECRETS.pattern}|local-token|LTAIlocal")
NUMBERS = re.compile(r"86-?139[0-9]{8}(?![0-9A-Fa-f])|(?<![0-9A-Fa-f-])139[0-9]{8}(?![0-9A-Fa-f])")
"""Every number in tests starts so, but for those that their test looks for itself; a RequestId has other neighbours."""
REQUEST_LINE = re.compile(r"[A-Z]+ \S+ HTTP/1")

MEANT_TO_TELL = {"--help", "event"}
"""Help names the emulator's key pair; `fcapi event` makes an event for the number that it is given."""


class Watch:
    """What was found since it was last asked. Safe for many threads."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def look(self, where: str, text: str, *patterns: re.Pattern[str]) -> None:
        """Look for what must not be in a text; nothing is said of it but its place, and what was found."""
        for pattern in patterns or (NUMBERS, ADDRESSES, CREDENTIALS):
            if match := pattern.search(text.replace(EXAMPLE_IN_HINT, "")):
                self._found.append(f"{match.group()} in {where}")

    def found(self) -> list[str]:
        """Return what was found, and forget it."""
        found, self._found[:] = list(self._found), []
        return found


@contextmanager
def watching() -> Iterator[Watch]:
    """Look at all that the functions write, return, raise and send, and at what processes give to this one."""
    watch = Watch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(components, "write_to_stdout", _printing(watch, components.write_to_stdout))
        patch.setattr(Function, "run", _handling(watch, Function.run))
        patch.setattr(Instance, "invoke", _invoking(watch, Instance.invoke))
        patch.setattr(subprocess, "run", _running(watch, subprocess.run))
        for kind in (socket.socket, ssl.SSLSocket):
            for name in ("send", "sendall"):
                patch.setattr(kind, name, _sending(watch, getattr(kind, name)))
        yield watch


def _printing(watch: Watch, write: Callable[[str], None]) -> Callable[[str], None]:
    def print_line(line: str) -> None:
        watch.look("a line of the log", line)
        write(line)

    return print_line


def _handling(watch: Watch, run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def handle(function: Any, *given: Any) -> Any:
        try:
            result = run(function, *given)
        except Exception as error:
            watch.look("an exception", "".join(traceback.format_exception(error)))
            raise
        watch.look("a reply or a result", json.dumps(result))
        return result

    return handle


def _invoking(
    watch: Watch, invoke: Callable[[Instance, bytes], InvocationResult]
) -> Callable[[Instance, bytes], InvocationResult]:
    @wraps(invoke)
    def invoked(instance: Instance, event: bytes, *others: Any, **named: Any) -> InvocationResult:
        answer = invoke(instance, event, *others, **named)
        watch.look("the answer of an instance", answer.payload.decode())
        return answer

    return invoked


def _running(watch: Watch, run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def ran(command: Any, *others: Any, **named: Any) -> Any:
        completed = run(command, *others, **named)
        if not MEANT_TO_TELL & {str(part) for part in command}:
            for output in (completed.stdout, completed.stderr):
                text = output.decode(errors="replace") if isinstance(output, bytes) else output or ""
                watch.look("what a command printed", text)
        return completed

    return ran


def _sending(watch: Watch, send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def sent(connection: socket.socket, data: Any, *others: Any) -> Any:
        text = bytes(data).decode("latin-1")
        if REQUEST_LINE.match(text):
            watch.look("a request", text, SECRETS)
        elif text.startswith("*"):
            watch.look("what a store was sent", text, SECRETS, NUMBERS, ADDRESSES)
        return send(connection, data, *others)

    return sent
