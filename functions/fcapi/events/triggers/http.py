"""`http`: a request that came through an HTTP trigger, as its envelope of version v1.

Source: the vendor's page "HTTP trigger invoking function", with a captured request: header names come in any case,
several values of one joined by commas, the body as base64 where its content type is binary.
"""

from fcapi.events.deliveries import Delivery, Envelope, PayloadRefused
from fcapi.events.envelopes import EnvelopeModel, read_envelope
from fcapi.events.http_request import HttpRequest
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
        MalformedEvent: a field of the envelope has the wrong type.

    """
    envelope = read_envelope(HttpEvent, trigger, event)
    request = envelope.request
    delivery = Delivery(trigger, trace_id=request.trace_id, strict=True, query=envelope.query or {})
    try:
        request.refuse_method()
        delivery = delivery._replace(payload=request.json_body())
    except PayloadRefused as refusal:
        delivery = delivery._replace(refusal=refusal)
    return Envelope((delivery,), request.reply)
