"""Calls the real handler in this process as the platform does: bytes and a context in, a value or an exception out."""

import io
import json
import os
import time
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

import send_phone_verification
from fcapi.context import Context
from fcapi.testing import ContextCredentials, PythonVersion, make_context
from phone_verification.components import start
from phone_verification.settings import SendSettings, SweepSettings

CONTACT_ID = "c-qL4HqKONzOM7abcd"
PHONE_NUMBER = "86-13900001234"
REQUEST = {"ContactId": CONTACT_ID, "PhoneNumber": PHONE_NUMBER}
RUNTIMES: list[PythonVersion] = ["python3.10", "python3.12"]
FUNCTION_REQUEST_ID = "1-65b8a3f0-15f26b4c-8d2e6a0b7c41"

KEY_PAIR = ContextCredentials("LTAIlocal", "local-secret", "local-token")
EXAMPLE_IN_HINT = "PhoneNumber must be <country code>-<number>, like 86-13900001234."
"""The one sentence that may have a number in it: it is the same, whatever was sent."""
NEVER_SHOWN = ("13900001234", "local-secret", "local-token", "LTAIlocal")


@dataclass(frozen=True)
class Invoked:
    """What an invocation gave: its return value or its exception, and its log lines."""

    result: Any
    error: Exception | None
    lines: list[dict[str, Any]]

    @property
    def line(self) -> dict[str, Any]:
        """The only log line."""
        (line,) = self.lines
        return line

    @property
    def body(self) -> Any:
        """The body of an HTTP reply, parsed."""
        return json.loads(self.result["body"])


@dataclass
class Clock:
    """A clock that stands still but for what is slept, and what a test adds to `time`, in Unix seconds."""

    time: float = field(default_factory=time.time)
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.time, timezone.utc)

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass(frozen=True)
class LocalFunction:
    """A function with an endpoint to call and settings; each call is the first of a new instance, but if it is `kept`.

    Whatever it gives out, in whichever way, is searched for numbers and credentials.
    """

    endpoint: str
    settings: Mapping[str, str] = field(default_factory=dict)
    credentials: ContextCredentials | None = KEY_PAIR
    never_shown: tuple[str, ...] = NEVER_SHOWN
    module: Any = send_phone_verification
    components: Any = None

    def kept(self, clock: Clock | None = None, **passed_in: Any) -> "LocalFunction":
        """Return this function as one instance that all calls go to, with the clock that is given, and the like."""
        self.set_environment("python3.12")
        settings = (SendSettings if self.module is send_phone_verification else SweepSettings).from_environ(os.environ)
        clocks: Any = {"now": clock.now, "monotonic": clock.monotonic, "sleep": clock.sleep} if clock else {}
        return replace(self, components=start(settings, **clocks, **passed_in))

    def __call__(self, event: bytes | object, runtime: PythonVersion = "python3.12", timeout: int = 60) -> Invoked:
        """Initialise the function and invoke its handler with the bytes of an event, or with a value as JSON."""
        self.set_environment(runtime)
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        in_context = self.credentials if runtime == "python3.10" else None
        context = make_context(
            runtime,
            request_id=FUNCTION_REQUEST_ID,
            function_name=self.module.__name__,
            timeout=timeout,
            credentials=in_context,
        )
        result, error, output = None, None, io.StringIO()
        with redirect_stdout(output):
            if self.components is None:
                self.module.initialize(context)
            try:
                result = self.invoke(payload, context)
            except Exception as raised:  # noqa: BLE001 -- what the platform would get is what is looked at
                error = raised
        given_out = output.getvalue() + json.dumps(result) + "".join(traceback.format_exception(error))
        given_out = given_out.replace(EXAMPLE_IN_HINT, "")
        for secret in self.never_shown:
            assert secret not in given_out
        return Invoked(result, error, [json.loads(line) for line in output.getvalue().splitlines()])

    def reply(self, event: object) -> Any:
        """Return what a kept function returns for an event; many threads may call it, so its log goes to stdout."""
        return self.invoke(json.dumps(event).encode(), make_context())

    def invoke(self, event: bytes, context: Context) -> Any:
        """Invoke the handler, or the function with the components that are kept."""
        if self.components is None:
            return self.module.handler(event, context)
        return self.module.function.run(self.components, event, context)

    def set_environment(self, runtime: PythonVersion) -> None:
        """Put settings and, for Python 3.12, credentials where the platform does."""
        os.environ["RESOURCE_DIRECTORY_ENDPOINT"] = self.endpoint
        os.environ.update(self.settings)
        parts = (
            ("", "", "")
            if self.credentials is None or runtime == "python3.10"
            else (self.credentials.access_key_id, self.credentials.access_key_secret, self.credentials.security_token)
        )
        names = ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN")
        os.environ.update({f"ALIBABA_CLOUD_{name}": part for name, part in zip(names, parts, strict=True)})


def http_event(body: object = REQUEST, **changed: Any) -> dict[str, Any]:
    """Return the event of an HTTP request; `body` is text as it is, or a value as JSON.

    `method`, `headers` and `query` change the request, any other name a field of the envelope.
    """
    method = changed.pop("method", "POST")
    event = {
        "version": "v1",
        "rawPath": "/",
        "headers": changed.pop("headers", {"Content-Type": "application/json"}),
        "queryParameters": changed.pop("query", {}),
        "body": body if isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "accountId": "1234567890123456",
            "domainName": "function.cn-hangzhou.fcapp.run",
            "http": {"method": method, "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
        },
    }
    return {**event, **changed}
