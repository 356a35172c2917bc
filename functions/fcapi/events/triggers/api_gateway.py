"""`api_gateway`: a request that an API gateway passes on; it may map fields of it to query parameters.

Source: the vendor's page "Configure an API Gateway trigger"; its sample shows `isBase64Encoded` as text, its table
calls it a boolean.
"""

from fcapi.events.deliveries import Delivery, Envelope, PayloadRefused
from fcapi.events.envelopes import read_envelope
from fcapi.events.http_request import HttpEnvelope
from fcapi.models import Field


class GatewayEvent(HttpEnvelope):
    """The envelope."""

    method: str = Field(validation_alias="httpMethod")


def read(event: object, trigger: str) -> Envelope:
    """Return the one delivery of a gateway's request: its body, which may be empty, and its query.

    Raises:
        MalformedEvent: a field of the envelope has the wrong type.

    """
    envelope = read_envelope(GatewayEvent, trigger, event)
    request = envelope.request
    payload, refusal = None, None
    try:
        request.refuse_method()
        # Which headers a gateway passes on is configured there.
        payload = request.json_body(assumed_type="application/json") if request.body else {}
    except PayloadRefused as error:
        refusal = error
    delivery = Delivery(
        trigger,
        payload,
        refusal,
        trace_id=request.trace_id,
        strict=True,
        query=envelope.query or {},
        query_is_mapped=True,
    )
    return Envelope((delivery,), request.reply)
