"""`Instance`: one instance of a function, as Function Compute would start it on a laptop."""

import base64
import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from fcapi.testing import ContextCredentials, PythonVersion
from local.instances.environment import environment_of
from local.instances.process import Process, ProcessEnded, ProcessOverdue

CODE_PATH = Path(__file__).parents[2] / "functions"

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_CONTEXTS = CODE_PATH / "fcapi" / "testing.py"


class InstanceFailed(Exception):
    """The instance's process ended before it answered, or its initializer failed; the message says which and why.

    `payload` is the error document that a caller gets: of what the initializer raised, or with that message.
    """

    def __init__(self, message: str, payload: bytes | None = None) -> None:
        super().__init__(message)
        self.payload = payload or json.dumps({"errorMessage": message}).encode()


@dataclass(frozen=True, slots=True)
class InvocationResult:
    """What the platform gets from an invocation: the serialised return value, or the error document of a failure.

    `logs` are the lines that it wrote, where they are collected; `instance_id` names the instance.
    """

    payload: bytes
    failed: bool
    logs: tuple[str, ...] = ()
    instance_id: str = ""


class Instance:
    """A function in a process of its own, initialised on entering and ended on leaving; for one thread at a time.

    `runtime` is the shape of the context, and with it the place of `credentials`: the context on Python 3.10, the
    environment on 3.12. `environ` is added to the variables that the platform puts into its environment.
    `code_path` holds the code, `interpreter` is the command of the Python that runs it, `logs` where its output goes
    (this process's stderr by default). `platform_lines` adds the platform's own lines about each invocation to it.
    `timeout` is the time limit of an invocation in seconds, `initializer_timeout` that of the initializer. At
    `debug_port` of 127.0.0.1 a debugger can attach to it: its interpreter must have debugpy.

    Entering raises InstanceFailed where it cannot be started, or its initializer failed.
    """

    def __init__(
        self,
        function: str,
        *,
        runtime: PythonVersion = "python3.12",
        environ: Mapping[str, str],
        credentials: ContextCredentials | None,
        code_path: Path = CODE_PATH,
        interpreter: Sequence[str] = (sys.executable,),
        logs: IO[bytes] | None = None,
        platform_lines: bool = False,
        timeout: int = 60,
        initializer_timeout: int = 20,
        debug_port: int | None = None,
    ) -> None:
        self.function = function
        digits = uuid.uuid4().hex
        self.instance_id = f"c-{digits[:8]}-{digits[8:20]}"
        self._logs = logs
        self._command = [*interpreter, str(_BOOTSTRAP)]
        self._environment = environment_of(
            function,
            runtime=runtime,
            code_path=code_path,
            instance_id=self.instance_id,
            environ=environ,
            credentials=credentials,
        )
        in_context = credentials if runtime == "python3.10" else None
        self._start: dict[str, object] = {
            "code_path": str(code_path),
            "contexts": str(_CONTEXTS),
            "function": function,
            "runtime": runtime,
            "timeout": timeout,
            "platform_lines": platform_lines,
            "debug_port": debug_port,
            "credentials": in_context and asdict(in_context),
        }
        self._timeout = timeout
        self._initializer_timeout = initializer_timeout

    def __enter__(self) -> "Instance":
        try:
            self._process = Process(self._command, environ=self._environment, logs=self._logs)
        except OSError as error:
            raise InstanceFailed(f"{self._command[0]} cannot be started: {error.strerror}") from None
        try:
            self._initialize()
        except BaseException:
            self._process.kill()
            self._process.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.end()

    def invoke(self, event: bytes, *, request_id: str | None = None, retry_count: int = 0) -> InvocationResult:
        """Invoke the handler with the bytes of an event, for the `retry_count`-th time after the first.

        Raises:
            InstanceFailed: the process ended instead of answering, or was ended at its time limit.

        """
        return self._exchange(
            {
                "event": base64.b64encode(event).decode(),
                "request_id": request_id or new_request_id(),
                "retry_count": retry_count,
            },
            self._timeout,
            "Function timed out",
        )

    def freeze(self) -> None:
        """Stop the process where it is, as the platform does with an instance that has nothing to do."""
        self._process.freeze()

    def thaw(self) -> None:
        """Let a frozen process go on."""
        self._process.thaw()

    def kill(self) -> None:
        """End the process at once, whatever it is doing; may be called by any thread."""
        self._process.kill()

    def _initialize(self) -> None:
        start = {**self._start, "request_id": new_request_id()}
        initialized = self._exchange(start, self._initializer_timeout, "Function initialization timed out")
        if initialized.failed:
            error = json.loads(initialized.payload)
            message = f"The initializer failed: {error['errorType']}: {error['errorMessage']}"
            raise InstanceFailed(message, initialized.payload)

    def _exchange(self, message: Mapping[str, object], seconds: float, too_late: str) -> InvocationResult:
        try:
            answer = self._process.exchange(message, seconds)
        except ProcessOverdue:
            raise InstanceFailed(f"{too_late} after {seconds} seconds") from None
        except ProcessEnded:
            raise InstanceFailed("Process exited unexpectedly before completing request") from None
        return InvocationResult(base64.b64decode(answer["payload"]), answer["failed"], instance_id=self.instance_id)


def new_request_id() -> str:
    """Return a request id of the platform's form."""
    digits = uuid.uuid4().hex
    return f"1-{digits[:8]}-{digits[8:16]}-{digits[16:28]}"
