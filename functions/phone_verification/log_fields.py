"""`LogFields`: every field that a log line of the functions can have."""

from typing import TypedDict

from fcapi.logger import Level, LogValue


class LogFields(TypedDict, total=False):
    """The fields by name; docs/logs.md explains them. A field whose value is None is left out of its line."""

    # Every line.
    timestamp: str
    level: Level
    message: str
    service: str
    # Every line of an invocation.
    function_name: str
    function_version: str | None
    function_memory_size: int
    function_request_id: str
    correlation_id: str
    cold_start: bool
    region: str
    retry_count: int | None
    # "phone verification", "email verification": one line for each delivery.
    trigger: str
    event_id: str | None
    delivery_index: int
    batch_size: int
    outcome: str
    code: str | None
    reason: str | None
    warning: str | None
    upstream_code: str | None
    contact_id: str | None
    phone_number: str | None
    email_address: str | None
    api_request_id: str | None
    attempts: int
    duration_ms: int
    # "sweep finished": one line for each run of function 2.
    pending: int
    sent: int
    skipped: int
    given_up: int
    failed: int
    left: int
    dry_run: bool
    stopped_by: str | None
    emails: "LogFields"  # the same of e-mails
    # Lines at DEBUG: "api attempt", "api wait", "cooldown", and "setting" when an instance starts.
    action: str
    attempt: int
    seconds: float
    decision: str
    state: str
    setting: str
    value: LogValue
    # "internal error": a bug.
    exception_name: str
    exception: str
