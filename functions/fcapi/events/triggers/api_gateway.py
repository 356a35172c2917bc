"""`api_gateway`: a request that an API gateway passes on; it may map fields of it to query parameters.

Source: the vendor's page "Configure an API Gateway trigger"; its sample shows `isBase64Encoded` as text, its table
calls it a boolean.
"""

from fcapi.events.deliveries import Delivery, Envelope, PayloadRefused
from fcapi.events.envelopes import EnvelopeModel, read_envelope
from fcapi.events.http_request import HttpRequest
from fcapi.events.trace_context import trace_id_of
from fcapi.models import Field


class GatewayEvent(EnvelopeModel):
    """The envelope."""

    method: str = Field(validation_alias="httpMethod")
    headers: dict[str, str] | None = None
    query: dict[str, str] | None = Field(default=None, validation_alias="queryParameters")
    body: str | None = None
    is_base64_encoded: bool | None = Field(default=None, validation_alias="isBase64Encoded")


def read(event: object, trigger: str) -> Envelope:
    """Return the one delivery of a gateway's request: its body, which may be empty, and its query.

    Raises:
        MalformedEvent: a field of the envelope is of another type than it should be.

    """
    envelope = read_envelope(GatewayEvent, trigger, event)
    headers = {name.lower(): value for name, value in (envelope.headers or {}).items()}
    request = HttpRequest(envelope.method, headers, envelope.body or "", bool(envelope.is_base64_encoded))
    trace_id = trace_id_of(headers.get("traceparent", ""))
    try:
        request.refuse_method()
        # Which headers a gateway passes on is configured there.
        payload = request.json_body(assumed_type="application/json") if request.body else {}
        delivery = Delivery(
            trigger, payload, trace_id=trace_id, over_http=True, query=envelope.query or {}, query_is_mapped=True
        )
    except PayloadRefused as refusal:
        delivery = Delivery(trigger, refusal=refusal, trace_id=trace_id, over_http=True)
    return Envelope((delivery,), answers_http=not request.asks_for_no_reply)
