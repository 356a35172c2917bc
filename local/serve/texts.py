"""Finds the invocation that each text or mail is from."""

from collections.abc import Iterable, Sequence

from local.emulator.contacts import Message
from local.serve.invocation import Invocation
from phone_verification.masking import mask_email_address, mask_phone_number


def invocations_of(texts: Iterable[Message], invocations: Sequence[Invocation]) -> dict[str, str]:
    """Return the request id of the invocation that each text or mail is from, by the RequestId of the API's answer.

    Where the function got that answer, it is in its log. Where the answer was lost, the message is from the invocation
    that was trying its target then, or before: the API may have been slower than the function was patient.
    """
    by_answer: dict[str | None, str] = {}
    for invocation in invocations:
        for delivery in invocation.deliveries:
            if delivery.outcome != "duplicate":  # which repeats the first answer
                by_answer[delivery.api_request_id] = invocation.request_id
    found = {text.request_id: by_answer.get(text.request_id) or _tried_by(text, invocations) for text in texts}
    return {answer: request_id for answer, request_id in found.items() if request_id}


def _tried_by(text: Message, invocations: Sequence[Invocation]) -> str | None:
    sent_at, target = text.really_sent_at.timestamp(), text.target
    masked = mask_email_address(target) if "@" in target else mask_phone_number(target)
    for invocation in reversed(invocations):
        if invocation.tries and invocation.tries[0].started_at <= sent_at:
            for delivery in invocation.deliveries:
                called = delivery.outcome is None or delivery.attempts > 0
                is_target = masked in (delivery.phone_number, delivery.email_address)
                if called and is_target and delivery.contact_id == text.contact_id:
                    return invocation.request_id
    return None
