"""The envelope of a request over HTTP: the part that the triggers `http` and `api_gateway` have in common."""

from fcapi.events.deliveries import Delivery, Envelope, PayloadRefused
from fcapi.events.envelopes import EnvelopeModel
from fcapi.events.http_request import HttpRequest
from fcapi.models import Field


class HttpEnvelope(EnvelopeModel):
    """The fields that the envelopes of both triggers have in common."""

    method: str
    headers: dict[str, str] | None = None
    query: dict[str, str] | None = Field(default=None, validation_alias="queryParameters")
    body: str | None = None
    is_base64_encoded: bool | None = Field(default=None, validation_alias="isBase64Encoded")

    @property
    def request(self) -> HttpRequest:
        """The request in it."""
        headers = {name.lower(): value for name, value in (self.headers or {}).items()}
        return HttpRequest(self.method, headers, self.body or "", bool(self.is_base64_encoded))


def open_request(envelope: HttpEnvelope, trigger: str, *, by_gateway: bool = False) -> Envelope:
    """Return the one delivery of a request over HTTP: its body, or why the body cannot be one.

    A gateway passes on the headers and the body that it is configured to, and may map fields to the query. So
    without a content type its body is taken for JSON, and an empty body for an object without fields.
    """
    request = envelope.request
    payload, refusal = None, None
    try:
        request.refuse_method()
        if by_gateway:
            payload = request.json_body(assumed_type="application/json") if request.body else {}
        else:
            payload = request.json_body()
    except PayloadRefused as error:
        refusal = error
    delivery = Delivery(
        trigger,
        payload,
        refusal,
        trace_id=request.trace_id,
        over_http=True,
        query=envelope.query or {},
        query_is_mapped=by_gateway,
    )
    return Envelope((delivery,), request.reply)
