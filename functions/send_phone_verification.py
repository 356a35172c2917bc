"""Function 1: have a phone verification sent for every request in an HTTP request or an event message.

The handler opens the event, validates each payload, calls the operation with the credentials that the runtime injects,
and writes one log line for each. Over HTTP it answers; for an event it returns what was sent, or fails.
"""

import os

from fcapi.context import Context
from fcapi.credentials import Credentials, credentials_of, injected_parts
from fcapi.errors import EventFailed, InternalError
from fcapi.events.deliveries import Invocation
from fcapi.events.opening import open_event
from fcapi.replies import HttpReply
from phone_verification.batch import verify_each
from phone_verification.components import Components, start
from phone_verification.outcome import Outcome, http_reply, internal_error_reply
from phone_verification.replies import event_result
from phone_verification.request import VerificationRequest
from phone_verification.service import Terms
from phone_verification.settings import SendSettings

_components: Components[SendSettings] | None = None


def initialize(context: Context) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Build what the instance keeps: Function Compute calls this once, before the first invocation.

    Raises:
        InvalidSetting: an environment variable has a bad value; the message names it.

    """
    global _components
    _components = start(SendSettings.from_environ(os.environ))


def handler(event: bytes, context: Context) -> HttpReply | dict[str, object]:
    """Send one verification for each request in `event`; return a reply over HTTP, or an event's result.

    Raises:
        EventFailed: the event is not one that came over HTTP, and not all of it was done.

    """
    components = _components or _initialized(context)
    injected = injected_parts(context, os.environ)
    log = components.logger_for(context, hiding=injected)
    deadline = components.deadline(context)
    over_http = False
    try:
        invocation = open_event(event)
        over_http = invocation.answers_http

        def send(request: VerificationRequest) -> Outcome:
            credentials = credentials_of(injected)
            return components.service.send(
                request, _terms(components.settings, invocation, context, credentials, deadline)
            )

        latest_start = deadline - components.client.attempt_seconds
        outcomes = verify_each(invocation, send, log, components.monotonic, latest_start)
        if over_http:
            return http_reply(outcomes[0], context.request_id)
        return event_result(invocation.deliveries, outcomes)
    except EventFailed as failure:
        log.log("ERROR", "event failed", code=failure.code, reason=str(failure))
        raise
    except Exception as bug:
        log.exception("internal error", bug)
        if over_http:
            return internal_error_reply(context.request_id)
        raise InternalError("The function failed; its log has the trace.") from None


def _terms(
    settings: SendSettings, invocation: Invocation, context: Context, credentials: Credentials, deadline: float
) -> Terms:
    over_http = invocation.answers_http
    return Terms(
        account_id=context.account_id,
        credentials=credentials,
        deadline=deadline,
        window=settings.http_cooldown_seconds if over_http else settings.event_cooldown_seconds,
        sends_per_day=(settings.http_sends_per_day or None) if over_http else None,
    )


def _initialized(context: Context) -> Components[SendSettings]:
    initialize(context)
    assert _components is not None
    return _components
