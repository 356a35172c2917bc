"""What a failed event says of its failures."""

import json

import pytest

from fcapi.errors import EventFailed, EventRejected
from fcapi.events.deliveries import Delivery, PartRefused
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.replies import event_result
from resource_directory.errors import ContactNotFound, NoAnswer, NotConnected, ResourceDirectoryError

REFUSED = outcome_of(ContactNotFound())


@pytest.mark.parametrize(
    ("other", "kind"),
    [(ContactNotFound(), EventRejected), (NotConnected(), EventFailed), (NoAnswer(timed_out=True), EventFailed)],
)
def test_an_event_is_rejected_only_if_no_failure_in_it_can_be_helped(
    other: ResourceDirectoryError, kind: type[EventFailed]
) -> None:
    with pytest.raises(EventFailed) as failed:
        event_result([Delivery("direct")] * 3, [Outcome.sent("c-1", "R", 1), REFUSED, outcome_of(other)])
    assert type(failed.value) is kind


def test_each_failure_is_named_by_position_event_id_and_code() -> None:
    broken = PartRefused("MalformedEvent", "The kafka event's data.value is missing.")
    deliveries = [
        Delivery("kafka"),
        Delivery("kafka", event_id="order-42"),
        Delivery("kafka", event_id="86-13900001234"),
        Delivery("", refusal=broken),
    ]
    with pytest.raises(EventFailed) as failed:
        event_result(deliveries, [Outcome.sent("c-1", "R", 1), REFUSED, REFUSED, outcome_of(broken)])
    count, _, named = str(failed.value).partition(": ")
    assert count == "3 of 4 deliveries not done"
    assert json.loads(f"[{named.replace('} {', '}, {')}]") == [
        {"position": 1, "event_id": "order-42", "code": "EntityNotExists.Contact"},
        {"position": 2, "event_id": "****34", "code": "EntityNotExists.Contact"},
        {"position": 3, "code": "MalformedEvent", "reason": "The kafka event's data.value is missing."},
    ]


def test_failures_beyond_8_kilobytes_are_counted_and_not_named() -> None:
    deliveries = [Delivery("kafka", event_id="x" * 128)] * 100
    with pytest.raises(EventFailed) as failed:
        event_result(deliveries, [REFUSED] * 100)
    text = str(failed.value)
    assert text.startswith("100 of 100 deliveries not done:")
    assert 7 * 1024 < len(text) <= 8 * 1024
    assert text.endswith("}")
