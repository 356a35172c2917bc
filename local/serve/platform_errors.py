"""Errors of the platform itself, in the shape in which it answers them.

Source of codes, statuses and texts: the vendor's pages "Error codes" of Function Compute 2.0 and "HTTP triggers
overview". The field names are those that the vendor's SDK of version 3.0 reads.
"""

import json

from werkzeug.wrappers import Response

MAX_SYNCHRONOUS_BYTES = 32 * 1024 * 1024
MAX_ASYNCHRONOUS_BYTES = 128 * 1024


class PlatformError(Exception):
    """A request that the platform answers by itself; the function never sees it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self, request_id: str) -> Response:
        """Return the answer."""
        body = {"Code": self.code, "Message": str(self), "RequestId": request_id}
        response = Response(json.dumps(body), self.status, content_type="application/json")
        response.headers["X-Fc-Request-Id"] = request_id
        response.headers["X-Fc-Error-Type"] = "FcCommonError"
        return response


def invalid_argument(message: str) -> PlatformError:
    """Return the refusal of a request that is beyond a limit or has a value that cannot be."""
    return PlatformError(400, "InvalidArgument", message)


def function_not_found(name: str) -> PlatformError:
    """Return the refusal of a call of a function that is not there."""
    return PlatformError(404, "FunctionNotFound", f"function '{name}' does not exist")


def instances_exhausted() -> PlatformError:
    """Return the refusal of a synchronous call when all instances are busy; the code is assumed."""
    return PlatformError(429, "ResourceExhausted", "all instances of the function are busy")


def refuse_too_large(payload: bytes, *, asynchronous: bool) -> None:
    """Refuse a payload over the platform's limits, 32 MB, or 128 KB for an asynchronous invocation.

    Raises:
        PlatformError: it is too large.

    """
    limit = MAX_ASYNCHRONOUS_BYTES if asynchronous else MAX_SYNCHRONOUS_BYTES
    if len(payload) > limit:
        raise PlatformError(400, "EntityTooLarge", f"payload size exceeds maximum allowed size ({limit} bytes)")
