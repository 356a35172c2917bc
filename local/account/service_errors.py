"""Errors of the services; converts the exceptions of an SDK to them.

An SDK's exception is never shown. Where a connection breaks, its text holds the whole URL, and Resource Orchestration
Service (ROS) takes the stack's parameters in the query, secrets included.
"""

from local.account import AccountError
from local.account.secrets import Secrets


class Refused(AccountError):
    """A service answered with an error: its Code, HTTP status and RequestId, and its message as it may be shown."""

    def __init__(self, what: str, code: str, status: int, message: str, request_id: str) -> None:
        told = f": {message}" if message else ""
        super().__init__(
            f"{what} was refused ({status} {code}){told}\nRequestId {request_id or 'unknown'}{_advice(code)}"
        )
        self.code = code
        self.status = status
        self.service_message = message


class NoAnswer(AccountError):
    """No usable answer of a service: it may have executed the request."""

    def __init__(self, what: str, host: str, kind: str) -> None:
        super().__init__(f"{what} got no usable answer from {host} ({kind}). Is the network, or the proxy, there?")


def failure_of(what: str, host: str, error: Exception, secrets: Secrets) -> AccountError:
    """Return the error that stands for what an SDK raised when it did `what` at a host."""
    while callable(unwrap := getattr(error, "unwrap", None)) and isinstance(inner := unwrap(), Exception):
        error = inner
    if isinstance(error, AccountError):
        return error
    code, status = getattr(error, "code", None), getattr(error, "status_code", None)
    if not code or not status:
        return NoAnswer(what, host, type(error).__name__)
    data = getattr(error, "data", None)
    answer = data if isinstance(data, dict) else {}
    said = answer.get("Message") or answer.get("message") or getattr(error, "message", "")
    # What is said about a signature holds what was signed, and so the query.
    message = "" if "Signature" in str(code) else secrets.safe(str(said or ""))
    request_id = getattr(error, "request_id", None) or answer.get("RequestId") or ""
    return Refused(what, secrets.safe(str(code)), int(status), message, secrets.safe(str(request_id)))


def _advice(code: str) -> str:
    if any(part in code for part in ("NoPermission", "Forbidden", "AccessDenied", "Unauthorized")):
        return "\nThese credentials may not do that. docs/deploy.md has the policy that they need."
    if any(part in code for part in ("InvalidAccessKeyId", "InvalidSecurityToken", "Signature")):
        return "\nThese credentials are not valid, or this machine's clock is wrong."
    if "Throttling" in code:
        return "\nThe service is throttling. Try again in a minute."
    return ""
