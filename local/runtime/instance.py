"""`Instance`: one instance of a function, as Function Compute would start it on a laptop."""

import base64
import json
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from fcapi.testing import ContextCredentials, Runtime

CODE_PATH = Path(__file__).parents[2] / "functions"
_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")


class InstanceFailed(Exception):
    """The instance's process ended before it answered, or its initializer failed; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform gets from an invocation: the serialised return value, or the error document of a failure."""

    payload: bytes
    failed: bool


class Instance:
    """A function in a process of its own, initialised on entering and ended on leaving.

    `runtime` is the shape of the context, and with it the place of `credentials`: the context on Python 3.10, the
    environment on 3.12. `environ` is what the function finds in its environment besides what the platform puts there.
    `interpreter` is the Python that runs it, `logs` where its output goes (this process's stderr by default),
    `timeout` what the context says of its time limit, in seconds.
    """

    def __init__(
        self,
        function: str,
        *,
        runtime: Runtime = "python3.12",
        environ: Mapping[str, str],
        credentials: ContextCredentials | None,
        interpreter: str = sys.executable,
        logs: IO[bytes] | None = None,
        timeout: int = 60,
    ) -> None:
        self.function = function
        self._runtime = runtime
        self._environ = environ
        self._credentials = credentials
        self._interpreter = interpreter
        self._logs = logs
        self._timeout = timeout

    def __enter__(self) -> "Instance":
        self._process = subprocess.Popen(  # noqa: S603 -- the interpreter is the caller's to choose
            [self._interpreter, _BOOTSTRAP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._logs,
            env=self._environment(),
        )
        try:
            self._initialize()
        except InstanceFailed:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def invoke(self, event: bytes, *, request_id: str | None = None, retry_count: int = 0) -> Answer:
        """Invoke the handler with the bytes of an event, for the `retry_count`-th time after the first.

        Raises:
            InstanceFailed: the process ended instead of answering.

        """
        return self._exchange(
            {
                "event": base64.b64encode(event).decode(),
                "request_id": request_id or new_request_id(),
                "retry_count": retry_count,
            }
        )

    def _initialize(self) -> None:
        in_context = self._credentials if self._runtime == "python3.10" else None
        initialized = self._exchange(
            {
                "code_path": str(CODE_PATH),
                "function": self.function,
                "runtime": self._runtime,
                "timeout": self._timeout,
                "request_id": new_request_id(),
                "credentials": in_context and asdict(in_context),
            }
        )
        if initialized.failed:
            error = json.loads(initialized.payload)
            raise InstanceFailed(f"The initializer failed: {error['errorType']}: {error['errorMessage']}")

    def _end(self) -> None:
        with suppress(BrokenPipeError), self._process:  # closes the pipes, which ends the process, and waits for it
            pass

    def _exchange(self, message: Mapping[str, object]) -> Answer:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise InstanceFailed("The process exited unexpectedly before completing the request.")
        answer = json.loads(line)
        return Answer(base64.b64decode(answer["payload"]), answer["failed"])

    def _environment(self) -> dict[str, str]:
        # The platform removes what it reserves for itself, then sets its own.
        environ = {name: value for name, value in self._environ.items() if not name.startswith(("FC_", "_FC_"))}
        for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN"):
            environ.pop(f"ALIBABA_CLOUD_{name}", None)
        if self._credentials and self._runtime == "python3.12":
            environ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = self._credentials.access_key_id
            environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = self._credentials.access_key_secret
            environ["ALIBABA_CLOUD_SECURITY_TOKEN"] = self._credentials.security_token
        return {
            **environ,
            "FC_FUNC_CODE_PATH": str(CODE_PATH),
            "FC_FUNCTION_NAME": self.function,
            "FC_FUNCTION_HANDLER": f"{self.function}.handler",
            "FC_FUNCTION_MEMORY_SIZE": "128",
            "FC_REGION": "cn-hangzhou",
            "PYTHONIOENCODING": "utf-8:surrogateescape",
        }


def new_request_id() -> str:
    """Return a request id of the platform's form."""
    digits = uuid.uuid4().hex
    return f"1-{digits[:8]}-{digits[8:16]}-{digits[16:28]}"
