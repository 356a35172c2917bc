"""`api_gateway`: a request that a classic API gateway passes on; it may map fields of it to query parameters.

Legacy: that gateway has been closed to new customers since August 2026, and ends on 2027-09-21.

Source: the vendor's page "Configure an API Gateway trigger"; its sample shows `isBase64Encoded` as text, its table
calls it a boolean.
"""

from fcapi.events.deliveries import Envelope
from fcapi.events.envelopes import read_envelope
from fcapi.events.http_envelope import HttpEnvelope, open_request
from fcapi.models import Field


class GatewayEvent(HttpEnvelope):
    """The envelope."""

    method: str = Field(validation_alias="httpMethod")


def read(event: object, trigger: str) -> Envelope:
    """Return the one delivery of a gateway's request: its body, which may be empty, and its query.

    Raises:
        MalformedEvent: a field of the envelope has the wrong type.

    """
    return open_request(read_envelope(GatewayEvent, trigger, event), trigger, by_gateway=True)
