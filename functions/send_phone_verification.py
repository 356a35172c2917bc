"""Function 1: sends a phone verification for every request in an HTTP request or an event message.

It opens the event, validates each payload, calls the operation with the credentials that the runtime injects, and
writes one log line for each. Over HTTP it replies; for an event it returns a result, or fails.
"""

import os

from fcapi.context import Context
from fcapi.events.deliveries import OpenedEvent
from phone_verification.batch import send_each
from phone_verification.function import Function, Result
from phone_verification.invocation import Invocation
from phone_verification.replies import event_result, http_reply
from phone_verification.request import open_requests
from phone_verification.settings import SendSettings


def send(opened: OpenedEvent, invocation: Invocation[SendSettings]) -> Result:
    """Send the verifications that an event asks for."""
    settings = invocation.settings
    window = settings.http_cooldown_seconds if opened.reply == "http" else settings.event_cooldown_seconds
    send_context = invocation.send_context(window=window, sends_per_day=settings.http_sends_per_day or None)
    outcomes = send_each(opened, send_context, invocation)
    if opened.reply == "http":
        return http_reply(outcomes[0], invocation.request_id)
    return event_result(opened.deliveries, outcomes)


function = Function(SendSettings, open_requests, send)


def initialize(context: Context) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Build what the instance keeps; Function Compute calls this once, before the first invocation.

    Raises:
        InvalidSetting: an environment variable has a bad value; the message names it.

    """
    function.initialize(os.environ)


def handler(event: bytes, context: Context) -> Result:
    """Send one verification for each request in `event`; return a reply over HTTP, or an event's result.

    Raises:
        EventFailed: the event did not come over HTTP, and not all of it was done.

    """
    return function.handle(event, context)
