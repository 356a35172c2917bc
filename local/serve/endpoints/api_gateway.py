"""What a classic API gateway does before a function: a request becomes its event, a whole reply the answer.

Legacy: it has been closed to new customers since August 2026, and ends on 2027-09-21.

Source: the vendor's page "Configure an API Gateway trigger", and a captured event, in which `isBase64Encoded` is a
boolean. A gateway answers 503 to whatever is not the whole structure of a reply; so it does to a failed function.
"""

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from werkzeug.wrappers import Request, Response

from local.instances.instance import InvocationResult, new_request_id
from local.serve.endpoints.function_reply import NoReply, read_whole_reply
from local.serve.endpoints.http_trigger import Invoke
from local.serve.endpoints.received import body_of, headers_of, query_of
from local.serve.platform_errors import PlatformError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def create_app(invoke: Invoke) -> "WSGIApplication":
    """Return an application that passes every request on as a gateway does, and answers what comes back."""

    @Request.application
    def gateway(received: Request) -> Response:
        gateway_request_id = str(uuid4()).upper()
        event = event_of(received, gateway_request_id)
        try:
            response = response_of(invoke(json.dumps(event).encode(), new_request_id()))
        except PlatformError as error:
            response = _unavailable(str(error))
        response.headers["X-Ca-Request-Id"] = gateway_request_id
        return response

    return gateway


def event_of(received: Request, gateway_request_id: str) -> dict[str, object]:
    """Return the gateway's envelope, with the id that it gives the request among the headers."""
    body = body_of(received)
    return {
        "path": received.path,
        "httpMethod": received.method,
        "headers": {**headers_of(received), "X-Ca-Request-Id": gateway_request_id},
        "queryParameters": query_of(received),
        "pathParameters": {},
        "body": body.text,
        "isBase64Encoded": body.is_base64_encoded,
    }


def response_of(answer: InvocationResult) -> Response:
    """Return the answer that a return value stands for: 503 if it is no whole reply, or that of a failed function."""
    if answer.failed:
        return _unavailable("the function failed")
    try:
        reply = read_whole_reply(answer.payload)
    except NoReply as error:
        return _unavailable(f"the function returned no reply of an API gateway: {error}")
    return Response(reply.content, reply.status, headers=dict(reply.headers))


def _unavailable(reason: str) -> Response:
    response = Response(status=503)
    response.headers["X-Ca-Error-Message"] = f"Service Unavailable: {reason}"
    return response
