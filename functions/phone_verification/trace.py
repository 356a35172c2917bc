"""`Trace`: what happens to a request, in lines at DEBUG: attempts at the API, waits, decisions of the cooldown.

Lines of one request share its `function_request_id` and `delivery_index`.
"""

from cooldown.ledger import Blocked, Standing
from fcapi.logger import Logger
from fcapi.redaction import loggable_id
from phone_verification.channel import Channel
from phone_verification.log_fields import LogFields
from phone_verification.masking import loggable_contact_id
from phone_verification.outcome import Status
from resource_directory.tracing import Attempted


class Trace:
    """Writes the lines to a log that shows them. For any other log there is no trace, so that it costs nothing."""

    def __init__(self, log: Logger) -> None:
        self._log = log

    def attempted(self, attempted: Attempted) -> None:
        """Write what came of an attempt at the API; without an `upstream_code` it succeeded."""
        line = LogFields(
            action=attempted.action,
            attempt=attempted.number,
            upstream_code=attempted.code and loggable_id(attempted.code),
            api_request_id=attempted.request_id and loggable_id(attempted.request_id),
            duration_ms=round(attempted.seconds * 1000),
        )
        self._log.log("DEBUG", "api attempt", **line)

    def waiting(self, seconds: float) -> None:
        """Write how long the wait before the next attempt is."""
        self._log.log("DEBUG", "api wait", **LogFields(seconds=round(seconds, 3)))

    def claimed(self, window: float) -> None:
        """Write that a target was claimed, for a caller with this window."""
        self._log.log("DEBUG", "cooldown", **LogFields(decision="claimed", seconds=window))

    def blocked(self, by: Blocked) -> None:
        """Write which earlier claim is in the way, and for how long."""
        line = LogFields(decision="blocked", state=by.state, seconds=round(by.seconds_left, 3))
        self._log.log("DEBUG", "cooldown", **line)

    def settled(self, status: Status, warning: str | None) -> None:
        """Write how a claim was settled for a request with this outcome, or the reason why it was not."""
        state = status if status in ("sent", "unknown") else "released"
        self._log.log("DEBUG", "cooldown", **LogFields(decision="settled", state=state, warning=warning))

    def skipped(self, channel: Channel, contact_id: str, target: str, standing: Standing) -> None:
        """Write why the sweep does not choose a target."""
        fields = {"ContactId": contact_id, channel.field: target}
        within = "is within its window" if standing.in_window else f"was {channel.sent} as often as it may be"
        line: LogFields = {
            "decision": "skipped",
            "reason": f"The {channel.target} {within}; {channel.messages} in 30 days: {standing.texts}.",
            "contact_id": loggable_contact_id(fields),
            **channel.logged(fields),
        }
        self._log.log("DEBUG", "cooldown", **line)
