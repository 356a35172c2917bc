"""The cloud-native API gateway in front of a function: the one route of template.yml.

Inferred: the event is the HTTP trigger's, with the gateway's domain in it. No page shows one, but the sample answer on
the vendor's page "API gateway triggers" has the headers of an HTTP trigger. Inferred, too: 404 for what no route takes.
The gateway checks the signature of its consumers itself; here, everyone is let in.
"""

import json
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.instances.instance import new_request_id
from local.serve.endpoints.http_trigger import Invoke, event_of, response_of
from local.serve.platform_errors import PlatformError, refuse_too_large

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

METHOD, PATH = "POST", "/phone-verifications"
"""The route of the template."""


def create_app(invoke: Invoke) -> "WSGIApplication":
    """Return an application that passes the requests of the route on as an HTTP trigger does."""

    @Request.application
    def gateway(received: Request) -> Response:
        if (received.method, received.path) != (METHOD, PATH):
            return Response(status=404)
        request_id = new_request_id()
        try:
            refuse_too_large(received.get_data(), asynchronous=False)
            response = response_of(invoke(json.dumps(event_of(received, request_id)).encode(), request_id))
        except PlatformError as error:
            return error.response(request_id)
        response.headers["X-Fc-Request-Id"] = request_id
        return response

    return gateway
