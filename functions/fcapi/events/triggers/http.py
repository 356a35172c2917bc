"""`http`: a request that came through an HTTP trigger, as its envelope of version v1.

Source: the vendor's page "HTTP trigger invoking function", with a captured request: header names come in any case,
several values of one joined by commas, the body as base64 where its content type is binary.
"""

from fcapi.events.deliveries import Envelope
from fcapi.events.envelopes import read_envelope
from fcapi.events.http_envelope import HttpEnvelope, open_request
from fcapi.models import AliasPath, Field


class HttpEvent(HttpEnvelope):
    """The envelope of version v1."""

    method: str = Field(validation_alias=AliasPath("requestContext", "http", "method"))


def read(event: object, trigger: str) -> Envelope:
    """Return the one delivery of an HTTP request: its body, or why the body cannot be one.

    Raises:
        MalformedEvent: a field of the envelope has the wrong type.

    """
    return open_request(read_envelope(HttpEvent, trigger, event), trigger)
