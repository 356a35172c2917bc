"""What an HTTP trigger does: a request becomes an event, and what the function returns becomes the answer.

Source: the vendor's pages "HTTP trigger invoking function" and "HTTP triggers overview". How the platform answers a
return value that is no reply is not documented; here that is 502, as it is for one beyond the limits.
"""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from werkzeug.wrappers import Request, Response

from local.instances.environment import ACCOUNT_ID
from local.instances.instance import InvocationResult, new_request_id
from local.serve.endpoints.function_reply import NoReply, read_reply
from local.serve.endpoints.received import body_of, header_bytes, headers_of, query_of, raw_path_of
from local.serve.platform_errors import PlatformError, invalid_argument, refuse_too_large

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
MAX_HEADER_BYTES = 8 * 1024
MAX_TARGET_BYTES = 4 * 1024
_NOT_THE_FUNCTIONS_TO_SET = ("connection", "content-length", "date", "keep-alive", "server", "upgrade")


class Invoke(Protocol):
    """Gives an event to the function, under a request id, and returns what came of it."""

    def __call__(self, event: bytes, request_id: str) -> InvocationResult:
        """Invoke it.

        Raises:
            PlatformError: it cannot be invoked now.

        """


def create_app(
    invoke: Invoke,
    *,
    submit: Callable[[bytes, str], object] | None = None,
    authenticate: Callable[[Request], object] = lambda _: None,
) -> "WSGIApplication":
    """Return an application that passes every request on as an event, and answers what comes back.

    Args:
        invoke: the function.
        submit: takes the event of a request that wants no answer, with its request id; None: there are no such.
        authenticate: raises PlatformError for a request that may not pass.

    """

    def answer(received: Request, request_id: str) -> Response:
        _refuse_beyond_limits(received)
        authenticate(received)
        asynchronous = submit is not None and received.headers.get("X-Fc-Invocation-Type", "").lower() == "async"
        refuse_too_large(received.get_data(), asynchronous=asynchronous)
        event = json.dumps(event_of(received, request_id)).encode()
        if submit is not None and asynchronous:
            submit(event, request_id)
            return Response(status=202)
        return response_of(invoke(event, request_id))

    @Request.application
    def trigger(received: Request) -> Response:
        request_id = new_request_id()
        try:
            response = answer(received, request_id)
        except PlatformError as error:
            return error.response(request_id)
        response.headers["X-Fc-Request-Id"] = request_id
        return response

    return trigger


def event_of(received: Request, request_id: str) -> dict[str, object]:
    """Return the envelope of version v1: names of headers as they came, several values of one joined by commas."""
    body = body_of(received)
    now = time.time()
    return {
        "version": "v1",
        "rawPath": raw_path_of(received),
        "headers": headers_of(received),
        "queryParameters": query_of(received),
        "body": body.text,
        "isBase64Encoded": body.is_base64_encoded,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "domainName": received.host,
            "domainPrefix": received.host.partition(".")[0],
            "requestId": request_id,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            "timeEpoch": str(int(now * 1000)),
            "http": {
                "method": received.method,
                "path": received.path,
                "protocol": received.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": received.remote_addr,
                "userAgent": received.user_agent.string,
            },
        },
    }


def response_of(answer: InvocationResult) -> Response:
    """Return the answer that a return value stands for; that of a failed function is 502.

    Raises:
        PlatformError: it is no reply, or one beyond the limits: 502.

    """
    if answer.failed:
        failure = Response(answer.payload, 502, content_type="application/json")
        failure.headers["X-Fc-Error-Type"] = "UnhandledInvocationError"
        return failure
    try:
        reply = read_reply(answer.payload)
    except NoReply as error:
        raise PlatformError(502, "BadResponse", f"the function returned no reply of an HTTP trigger: {error}") from None
    if header_bytes(reply.headers) > MAX_HEADER_BYTES:
        raise PlatformError(502, "BadResponse", f"the reply's headers exceed {MAX_HEADER_BYTES} bytes")
    allowed = {name: value for name, value in reply.headers.items() if _may_be_set(name, value)}
    response = Response(reply.content, reply.status, headers=allowed)
    response.headers.setdefault("Content-Disposition", "attachment")  # as the platform's own domain does
    return response


def _refuse_beyond_limits(received: Request) -> None:
    if received.method not in METHODS:
        raise PlatformError(403, "AccessDenied", f"the method {received.method} is not one of the trigger's")
    if header_bytes(headers_of(received)) > MAX_HEADER_BYTES:
        raise invalid_argument(f"the request's headers exceed {MAX_HEADER_BYTES} bytes")
    if len(received.environ["REQUEST_URI"]) > MAX_TARGET_BYTES:
        raise invalid_argument(f"path and query exceed {MAX_TARGET_BYTES} bytes")


def _may_be_set(name: str, value: str) -> bool:
    name = name.lower()
    if name == "content-disposition" and value.lower().startswith("attachment"):
        return False
    return name not in _NOT_THE_FUNCTIONS_TO_SET and not name.startswith("x-fc-")
