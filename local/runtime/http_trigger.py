"""What an HTTP trigger does: a request becomes an event, and what the function returns becomes the answer.

Source: the vendor's pages "HTTP trigger invoking function" and "HTTP triggers overview". How the platform answers a
return value that is no reply is not documented; here that is 502.
"""

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import quote

from flask import Flask, Request, Response, request

from local.runtime.instance import Answer, new_request_id

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")
_TEXT = ("text/", "application/json", "application/xml", "application/x-www-form-urlencoded")
_NOT_THE_FUNCTIONS_TO_SET = ("connection", "content-length", "date", "keep-alive", "server", "upgrade")


def create_app(invoke: Callable[[bytes], Answer], *, account_id: str = "1234567890123456") -> Flask:
    """Return an application that passes every request on to `invoke`, as an event, and answers what comes back."""
    app = Flask(__name__, static_folder=None)

    def trigger(path: str = "") -> Response:  # noqa: ARG001 -- all paths are the function's
        request_id = new_request_id()
        event = json.dumps(event_of(request, request_id, account_id)).encode()
        response = response_of(invoke(event))
        response.headers["X-Fc-Request-Id"] = request_id
        return response

    for rule in ("/", "/<path:path>"):
        app.add_url_rule(rule, rule, trigger, methods=METHODS, provide_automatic_options=False)
    return app


def event_of(received: Request, request_id: str, account_id: str) -> dict[str, object]:
    """Return the envelope of version v1: names of headers as they came, several values of one joined by commas."""
    body = received.get_data()
    is_text = not body or (received.content_type or "text/plain").lower().startswith(_TEXT)
    try:
        text = body.decode() if is_text else ""
    except UnicodeDecodeError:
        is_text = False
    return {
        "version": "v1",
        "rawPath": quote(received.path, safe="/~"),
        "headers": {name: ",".join(received.headers.getlist(name)) for name in received.headers.keys()},  # noqa: SIM118
        "queryParameters": {name: ",".join(values) for name, values in received.args.lists()},
        "body": text if is_text else base64.b64encode(body).decode(),
        "isBase64Encoded": not is_text,
        "requestContext": {
            "accountId": account_id,
            "domainName": received.host,
            "domainPrefix": received.host.partition(".")[0],
            "requestId": request_id,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "timeEpoch": str(int(time.time() * 1000)),
            "http": {
                "method": received.method,
                "path": received.path,
                "protocol": received.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": received.remote_addr,
                "userAgent": received.user_agent.string,
            },
        },
    }


def response_of(answer: Answer) -> Response:
    """Return the answer that a return value stands for: a failed function, or no reply, is 502."""
    try:
        reply = json.loads(answer.payload)
        status, body = int(reply["statusCode"]), reply.get("body", "")
        content = base64.b64decode(body) if reply.get("isBase64Encoded") else str(body).encode()
        headers = {str(name): str(value) for name, value in reply.get("headers", {}).items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        answer = Answer(answer.payload, failed=True)
    if answer.failed:
        failure = Response(answer.payload, 502, content_type="application/json")
        failure.headers["X-Fc-Error-Type"] = "UnhandledInvocationError"
        return failure
    allowed = {name: value for name, value in headers.items() if _may_be_set(name)}
    return Response(content, status, headers=allowed)


def _may_be_set(name: str) -> bool:
    return name.lower() not in _NOT_THE_FUNCTIONS_TO_SET and not name.lower().startswith("x-fc-")
