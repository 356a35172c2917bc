"""Function Compute's own API. It has one operation here: InvokeFunction.

Source: the vendor's pages "InvokeFunction" (2.0, and the SDK of 3.0 of version 2023-03-30) and "Error handling": a
function that failed is answered 200, with the header `X-Fc-Error-Type`.
"""

import base64
import time
from collections.abc import Callable

from flask import Blueprint, Response, request

from local.instances.instance import InvocationResult, new_request_id
from local.serve.functions import Functions
from local.serve.platform_errors import PlatformError, invalid_argument, refuse_too_large

_LOG_TAIL_BYTES = 4096


def create_invoke_api(functions: Functions, authenticate: Callable[..., object]) -> Blueprint:
    """Return the API for these functions; `authenticate` raises PlatformError for a request that may not pass."""
    api = Blueprint("invoke_api", __name__, url_prefix="/2023-03-30")

    @api.post("/functions/<function>/invocations")
    def invoke(function: str) -> Response:
        request_id = new_request_id()
        try:
            response = _answer(function, request_id)
        except PlatformError as error:
            return answer_of(error, request_id)
        response.headers["X-Fc-Request-Id"] = request_id
        return response

    def _answer(function: str, request_id: str) -> Response:
        authenticate(request)
        kind = request.headers.get("X-Fc-Invocation-Type", "Sync").lower()
        if kind not in ("sync", "async"):
            raise invalid_argument("X-Fc-Invocation-Type must be Sync or Async")
        event = request.get_data()
        refuse_too_large(event, asynchronous=kind == "async")
        if kind == "async":
            functions.submit(function, event, request_id)
            return Response(status=202)
        started = time.monotonic()
        answer = functions.invoke(function, event, request_id)
        response = _response(answer, with_logs=request.headers.get("X-Fc-Log-Type", "").lower() == "tail")
        response.headers["X-Fc-Invocation-Duration"] = str(round((time.monotonic() - started) * 1000))
        return response

    return api


def answer_of(error: PlatformError, request_id: str) -> Response:
    """Return the platform's answer as one of Flask's."""
    refused = error.response(request_id)
    return Response(refused.get_data(), refused.status_code, headers=refused.headers)


def _response(answer: InvocationResult, *, with_logs: bool) -> Response:
    response = Response(answer.payload, content_type="application/octet-stream")
    response.headers["X-Fc-Instance-Id"] = answer.instance_id
    if answer.failed:
        response.headers["X-Fc-Error-Type"] = "UnhandledInvocationError"
    if with_logs:
        tail = "".join(f"{line}\n" for line in answer.logs).encode()[-_LOG_TAIL_BYTES:]
        response.headers["X-Fc-Log-Result"] = base64.b64encode(tail).decode()
    return response
