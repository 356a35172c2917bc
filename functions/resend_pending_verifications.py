"""Function 2: on a timer, send again what the directory still holds as unverified.

The directory is the source of truth: whatever an outage, a lost event or the daily limit swallowed is healed by the
next run. The result, and the last line of the log, say how many were pending, and what became of them.
"""

import json
import os
from collections.abc import Mapping

from fcapi.context import Context
from fcapi.credentials import Credentials, MissingCredentials, credentials_of, injected_parts
from fcapi.errors import EventFailed, FunctionMisconfigured, InternalError
from fcapi.events.opening import open_timer_event
from phone_verification.components import Components, start
from phone_verification.service import Terms
from phone_verification.settings import SweepSettings
from phone_verification.sweep.run import Sweep

_components: Components[SweepSettings] | None = None


def initialize(context: Context) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Build what the instance keeps: Function Compute calls this once, before the first invocation.

    Raises:
        InvalidSetting: an environment variable has a bad value; the message names it.

    """
    global _components
    _components = start(SweepSettings.from_environ(os.environ))


def handler(event: bytes, context: Context) -> dict[str, object]:
    """Send to the numbers whose turn it is, and return the counts; with the payload `{"DryRun": true}`, only count.

    Raises:
        EventFailed: the event is no timer's, or not all that was tried was done; all was tried.

    """
    components = _components or _initialized(context)
    injected = injected_parts(context, os.environ)
    log = components.logger_for(context, hiding=injected)
    deadline = components.deadline(context)
    try:
        tick = open_timer_event(event)
        terms = Terms(
            account_id=context.account_id,
            credentials=_credentials(injected),
            deadline=deadline,
            window=components.settings.sweep_cooldown_seconds,
        )
        report = Sweep(components, terms, log, due=tick.trigger_time, dry_run=_asks_for_dry_run(tick.payload)).run()
    except EventFailed as failure:
        log.log("ERROR", "event failed", code=failure.code, reason=str(failure))
        raise
    except Exception as bug:
        log.exception("internal error", bug)
        raise InternalError("The function failed; its log has the trace.") from None
    return report.result()


def _credentials(injected: tuple[str, str, str]) -> Credentials:
    try:
        return credentials_of(injected)
    except MissingCredentials as error:
        raise FunctionMisconfigured(str(error)) from None


def _asks_for_dry_run(payload: object) -> bool:
    try:
        wanted = json.loads(payload) if isinstance(payload, str) else payload
    except (ValueError, RecursionError):
        return False
    return isinstance(wanted, Mapping) and wanted.get("DryRun") is True


def _initialized(context: Context) -> Components[SweepSettings]:
    initialize(context)
    assert _components is not None
    return _components
