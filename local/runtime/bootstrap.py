"""The instance's side: loads a function, runs its initializer, then its handler for every event that comes in.

Run as a script, by the interpreter that the function is to run on; it imports nothing of `local`. It talks to
`Instance` in lines of JSON over stdin and the original stdout, while whatever the function prints goes to stderr.
Source of the conventions: the published bootstrap code of Function Compute's Python runtime.
"""

import base64
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO


def main() -> None:
    """Serve events until stdin ends."""
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)
        _serve(answers)


def _serve(answers: BinaryIO) -> None:
    start = json.loads(sys.stdin.buffer.readline())
    sys.path[0] = start["code_path"]  # instead of this script's own folder

    def initialize() -> bytes:
        module = importlib.import_module(start["function"])
        return _serialized(module.initialize(_context(start, start)))

    def handle(request: dict[str, Any]) -> bytes:
        module = importlib.import_module(start["function"])
        event = base64.b64decode(request["event"])
        return _serialized(module.handler(event, _context(start, request)))

    _answer(answers, initialize)
    for line in sys.stdin.buffer:
        _answer(answers, partial(handle, json.loads(line)))


def _context(start: dict[str, Any], request: dict[str, Any]) -> object:
    from fcapi.testing import ContextCredentials, make_context  # only now is it on the path

    return make_context(
        start["runtime"],
        request_id=request["request_id"],
        function_name=start["function"],
        timeout=start["timeout"],
        retry_count=request.get("retry_count", 0),
        credentials=start["credentials"] and ContextCredentials(**start["credentials"]),
    )


def _answer(answers: BinaryIO, call: Callable[[], bytes]) -> None:
    try:
        payload, failed = call(), False
    except Exception as error:  # noqa: BLE001 -- this is where the platform catches what a function raises
        payload, failed = json.dumps(_error_document(error), indent=4, sort_keys=True).encode(), True
    answer = {"payload": base64.b64encode(payload).decode(), "failed": failed}
    answers.write(json.dumps(answer).encode() + b"\n")


def _serialized(result: object) -> bytes:
    if isinstance(result, bytes):
        return result
    return (result if isinstance(result, str) else json.dumps(result, indent=4, sort_keys=True)).encode()


def _error_document(error: Exception) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[2:]  # without the bootstrap's own
    stack = [[f'File "{f.filename}"', f"line {f.lineno}", f"in {f.name}", f.line or ""] for f in frames]
    document: dict[str, object] = {"errorMessage": str(error), "errorType": type(error).__name__}
    return {**document, "stackTrace": stack} if stack else document


if __name__ == "__main__":
    main()
