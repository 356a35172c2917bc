"""`Deliveries`: what is known of each request in an event, from the event itself and from its function's lines."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.event_reader import requests_in
from phone_verification.masking import loggable_contact_id, loggable_phone_number

Fields = Mapping[str, Any]
"""The fields of a log line of a function."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verification; as the log has it, with number or address masked.

    `attempts` are the calls of the API, in all tries.
    """

    contact_id: str | None = None
    phone_number: str | None = None
    email_address: str | None = None
    outcome: str | None = None
    code: str | None = None
    upstream_code: str | None = None
    api_request_id: str | None = None
    attempts: int = 0


class Deliveries:
    """The deliveries of one event.

    Args:
        event: it; what it asks for is known before its function says anything.

    """

    def __init__(self, event: bytes) -> None:
        requests = (dict(request) for request in requests_in(event))
        # A timer's event without a request has a payload of options.
        asked = [request for request in requests if not request.keys().isdisjoint(("ContactId", "PhoneNumber"))]
        self._by_index = {
            index: Delivery(loggable_contact_id(request), loggable_phone_number(request))
            for index, request in enumerate(asked)
        }

    def __iter__(self) -> Iterator[Delivery]:
        return iter([self._by_index[index] for index in sorted(self._by_index)])

    def outcomes(self) -> Counter[str]:
        """Return how many have each outcome."""
        return Counter(delivery.outcome for delivery in self if delivery.outcome)

    def add_summary(self, fields: Fields) -> None:
        """Take the summary line of one of them into account."""
        index, outcome, attempts = (fields.get(name) for name in ("delivery_index", "outcome", "attempts"))
        if not isinstance(index, int) or not isinstance(outcome, str):
            return  # a line that only looks like the functions' own
        if len(self._by_index) != fields.get("batch_size"):
            # What was read of the event is counted otherwise than the function counts: some of it is no request.
            self._by_index = {index: each for index, each in self._by_index.items() if each.outcome}
        before = self._by_index.get(index, Delivery())
        if before.outcome == "sent" and outcome == "duplicate":
            return  # what an earlier try sent, and this one was kept from sending again
        self._by_index[index] = Delivery(
            contact_id=_text(fields, "contact_id"),
            phone_number=_text(fields, "phone_number"),
            email_address=_text(fields, "email_address"),
            outcome=outcome,
            code=_text(fields, "code"),
            upstream_code=_text(fields, "upstream_code"),
            api_request_id=_text(fields, "api_request_id"),
            attempts=before.attempts + (attempts if isinstance(attempts, int) else 0),
        )


def fields_of(text: str) -> Fields | None:
    """Return the fields of a line that a function's logger wrote, None for any other line."""
    if not text.startswith("{"):
        return None
    try:
        fields: Fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields.get("message"), str) else None


def _text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
