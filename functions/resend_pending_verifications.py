"""Function 2: on a timer, sends again what the directory still holds as unverified.

The directory is the source of truth: the next run heals whatever an outage, a lost event or the daily limit swallowed.
The result, and the last line of the log, count how many were pending, sent, skipped, failed and left.
"""

import os
from collections.abc import Mapping

from fcapi.context import Context
from fcapi.events.deliveries import Tick
from fcapi.events.opening import open_timer_event
from fcapi.events.payloads import MalformedJson, parse_message
from phone_verification.function import Function, Result
from phone_verification.invocation import Invocation
from phone_verification.settings import SweepSettings
from phone_verification.sweep.run import Sweep


def resend(tick: Tick, invocation: Invocation[SweepSettings]) -> Result:
    """Text the numbers that are due; with the payload `{"DryRun": true}`, only count them."""
    return Sweep(invocation, due=tick.due, dry_run=_asks_for_dry_run(tick.payload)).run().result()


def _asks_for_dry_run(payload: object) -> bool:
    try:
        options = parse_message(payload.encode("utf-8", "surrogatepass")) if isinstance(payload, str) else payload
    except MalformedJson:
        return False
    return isinstance(options, Mapping) and options.get("DryRun") is True


function = Function(SweepSettings, open_timer_event, resend)


def initialize(context: Context) -> None:  # noqa: ARG001 -- Function Compute's signature
    """Build what the instance keeps; Function Compute calls this once, before the first invocation.

    Raises:
        InvalidSetting: an environment variable has a bad value; the message names it.

    """
    function.initialize(os.environ)


def handler(event: bytes, context: Context) -> Result:
    """Run the sweep for the timer's `event`, and return its counts.

    Raises:
        EventFailed: the event is not a timer's, or some of what was tried failed.

    """
    return function.handle(event, context)
