"""`http`: a request that came through an HTTP trigger, as its envelope of version v1.

Source: the vendor's page "HTTP trigger invoking function", with a captured request: header names come in any case,
several values of one joined by commas, the body as base64 where its content type is binary.
"""

from fcapi.events.deliveries import Delivery, Envelope, PayloadRefused
from fcapi.events.envelopes import EnvelopeModel, read_envelope
from fcapi.events.http_request import HttpRequest
from fcapi.events.trace_context import trace_id_of
from fcapi.models import AliasPath, Field


class HttpEvent(EnvelopeModel):
    """The envelope of version v1."""

    method: str = Field(validation_alias=AliasPath("requestContext", "http", "method"))
    headers: dict[str, str] | None = None
    query: dict[str, str] | None = Field(default=None, validation_alias="queryParameters")
    body: str | None = None
    is_base64_encoded: bool | None = Field(default=None, validation_alias="isBase64Encoded")

    @property
    def request(self) -> HttpRequest:
        """The request in it."""
        headers = {name.lower(): value for name, value in (self.headers or {}).items()}
        return HttpRequest(self.method, headers, self.body or "", bool(self.is_base64_encoded))


def read(event: object, trigger: str) -> Envelope:
    """Return the one delivery of an HTTP request: its body, or why the body cannot be one.

    Raises:
        MalformedEvent: a field of the envelope is of another type than it should be.

    """
    envelope = read_envelope(HttpEvent, trigger, event)
    request = envelope.request
    trace_id = trace_id_of(request.headers.get("traceparent", ""))
    try:
        request.refuse_method()
        delivery = Delivery(trigger, request.json_body(), trace_id=trace_id, over_http=True, query=envelope.query or {})
    except PayloadRefused as refusal:
        delivery = Delivery(trigger, refusal=refusal, trace_id=trace_id, over_http=True)
    return Envelope((delivery,), answers_http=not request.asks_for_no_reply)
