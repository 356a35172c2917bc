"""`Invocation`: the values that belong to one invocation of a function."""

from typing import TYPE_CHECKING, Generic

from fcapi.context import Context
from fcapi.credentials import InjectedCredentials
from fcapi.logger import Logger, LogValue
from phone_verification.components import Components
from phone_verification.service import SendContext
from phone_verification.settings import AnySettings

if TYPE_CHECKING:
    from phone_verification.trace import Trace

REPLY_SECONDS = 1.0
"""The part of the function's time that is kept for logging and answering."""


class Invocation(Generic[AnySettings]):
    """One invocation.

    Attributes:
        components: the parts of its instance.
        settings: of its function.
        request_id: the id that Function Compute gave it.
        account_id: the account that it runs in.
        log: writes its log lines.
        credentials: of the function's role, as injected now.
        time_limit: the moment at which the platform ends its process.

    """

    def __init__(
        self, components: Components[AnySettings], context: Context, log: Logger, credentials: InjectedCredentials
    ) -> None:
        self.components = components
        self.settings = components.settings
        self.request_id = context.request_id
        self.account_id = context.account_id
        self.log = log
        self.credentials = credentials
        self.time_limit = components.time_limit_of(context)

    def send_context(self, *, window: float, sends_per_day: int | None = None) -> SendContext:
        """Return the context in which it sends: a window in seconds, and a budget for a day where there is one."""
        deadline = self.time_limit.earlier_by(REPLY_SECONDS)
        return SendContext(self.account_id, self.credentials, self.time_limit, deadline, window, sends_per_day)

    def trace(self, **fields: LogValue) -> "Trace | None":
        """Return a trace whose lines carry `fields`, if the log shows lines at DEBUG."""
        if not self.log.shows("DEBUG"):
            return None
        # Imported only where it is used: no cold start but one at DEBUG waits for it.
        from phone_verification.trace import Trace

        return Trace(self.log.bind(**fields))
