"""The instance's side: loads a function, runs its initializer, then its handler for every event that comes in.

Run as a script, by the interpreter that the function is to run on; it imports nothing of `local`. It talks to
`Instance` in lines of JSON over stdin and the original stdout, while whatever the function prints goes to stderr.
Source of the conventions: the published bootstrap code of Function Compute's Python runtime (of Python 3.9; that 3.10
and 3.12 do the same is inferred).
"""

import base64
import importlib
import importlib.util
import json
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO


def main() -> None:
    """Serve events until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: who started this process ends it
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # it is what Python opened
        with _taken_from_stdin() as requests:
            start = json.loads(requests.readline())
            sys.breakpointhook = _debugger(start["debug_port"]) if start["debug_port"] else _pass_over_breakpoint
            function = _LoadedFunction(start, answers)
            function.initialize()
            for line in requests:
                function.handle(json.loads(line))


def _taken_from_stdin() -> BinaryIO:
    """Return the file that requests come in by; stdin is empty from then on, for whatever would wait for it."""
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return requests


def _debugger(port: int) -> Callable[..., object]:
    """Have a debugger attach at this port; return what `breakpoint()` is to do."""
    debugger: Any = importlib.import_module("debugpy")  # a development dependency
    debugger.listen(("127.0.0.1", port))
    hook: Callable[..., object] = debugger.breakpoint
    return hook


def _pass_over_breakpoint(*_: object, **__: object) -> None:
    """Go on after a `breakpoint()`: pdb would wait for a terminal that an instance has not."""
    frame = sys._getframe(1)  # noqa: SLF001 -- the public way, inspect, is slow to import
    where = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    sys.stderr.write(f"breakpoint() passed over at {where}: to stop there, fcapi serve --debug PORT\n")


class LoadFailed(Exception):
    """A function cannot be loaded; `kind` is the type that its error document names."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class _LoadedFunction:
    def __init__(self, start: dict[str, Any], answers: BinaryIO) -> None:
        self._start = start
        self._answers = answers
        sys.path[0] = start["code_path"]  # instead of this script's own folder
        self._contexts = _loaded_from(start["contexts"])
        self._request_id = start["request_id"]
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(_log_formatter())
        handler.addFilter(self._note_request_id)
        logging.basicConfig(level=logging.INFO, handlers=[handler])

    def initialize(self) -> None:
        self._answer("Initialize", lambda: _function(self._start["function"], "initialize")(self._context(self._start)))

    def handle(self, request: dict[str, Any]) -> None:
        self._request_id = request["request_id"]
        event = base64.b64decode(request["event"])
        self._answer("Invoke", lambda: _function(self._start["function"], "handler")(event, self._context(request)))

    def _answer(self, phase: str, call: Callable[[], object]) -> None:
        self._write_platform_line(f"FC {phase} Start RequestId: {self._request_id}")
        try:
            payload, failed = _serialized(call()), False
        except Exception as error:  # noqa: BLE001 -- this is where the platform catches what a function raises
            document = _error_document(error)
            payload, failed = json.dumps(document, indent=4, sort_keys=True).encode(), True
            if self._start["platform_lines"]:
                logging.getLogger().log(logging.ERROR, json.dumps(document))
        self._write_platform_line(
            f"FC {phase} End RequestId: {self._request_id}{', Error: Unhandled function error' * failed}"
        )
        sys.stderr.flush()
        answer = {"payload": base64.b64encode(payload).decode(), "failed": failed}
        self._answers.write(json.dumps(answer).encode() + b"\n")

    def _write_platform_line(self, text: str) -> None:
        if self._start["platform_lines"]:
            sys.stdout.write(text + "\n")

    def _context(self, request: dict[str, Any]) -> object:
        start = self._start
        return self._contexts.make_context(
            start["runtime"],
            request_id=request["request_id"],
            function_name=start["function"],
            timeout=start["timeout"],
            retry_count=request.get("retry_count", 0),
            credentials=start["credentials"] and self._contexts.ContextCredentials(**start["credentials"]),
        )

    def _note_request_id(self, record: logging.LogRecord) -> bool:
        record.fc_request_id = self._request_id
        return True


def _log_formatter() -> logging.Formatter:
    line = "%(asctime)s.%(msecs)03dZ %(fc_request_id)s [%(levelname)s] %(message)s"
    formatter = logging.Formatter(line, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    return formatter


def _loaded_from(path: str) -> Any:
    """Return the makers of contexts, which are in no package: from their file, without its folder on the path."""
    spec = importlib.util.spec_from_file_location("fc_contexts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _function(module_name: str, name: str) -> Callable[..., object]:
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise LoadFailed("ImportModuleError", f"Unable to import module '{module_name}'") from error
    except SyntaxError as error:
        # The platform names the handler's module, wherever the error is; here one is to find it.
        where = os.path.relpath(error.filename, sys.path[0]) if error.filename else module_name
        raise LoadFailed("UserCodeSyntaxError", f"Syntax error in {where}, line {error.lineno}: {error.msg}") from error
    except ValueError as error:
        raise LoadFailed("InvalidHandleName", f"Invalid handler '{module_name}.{name}'") from error
    except Exception as error:
        raise LoadFailed("UserCodeError", f"Module initialization error: '{error}'") from error
    if not hasattr(module, name):
        raise LoadFailed("HandlerNotFound", f"Handler '{name}' is missing on module '{module_name}'")
    return partial(getattr(module, name))


def _serialized(result: object) -> bytes:
    if isinstance(result, bytes):
        return result
    if isinstance(result, str):
        return result.encode()
    return json.dumps(result, default=_plain, indent=4, sort_keys=True).encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "to_json"):
        return value.to_json()
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def _error_document(error: Exception) -> dict[str, object]:
    if isinstance(error, LoadFailed):
        trace = traceback.format_exception(error.__cause__) if error.__cause__ else []
        document: dict[str, object] = {"errorMessage": str(error), "errorType": error.kind}
        stack: list[Any] = [line.rstrip("\n") for line in trace]
    else:
        document = {"errorMessage": str(error), "errorType": type(error).__name__}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
        stack = [[f'File "{f.filename}"', f"line {f.lineno}", f"in {f.name}", f.line or ""] for f in frames]
    return {**document, "stackTrace": stack} if stack else document


if __name__ == "__main__":
    main()
