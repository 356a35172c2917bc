"""One verification to one outcome: claim its target, call the API, settle the claim by the result of the call."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from cooldown.budget import DailyBudget
from cooldown.ledger import Blocked, Claim, Ledger
from cooldown.store import StoreUnavailable
from fcapi.credentials import InjectedCredentials, MissingCredentials
from fcapi.deadline import Deadline
from phone_verification.channel import Channel, subject_of
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import Verification
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import ResourceDirectoryError

if TYPE_CHECKING:
    from phone_verification.trace import Trace


class SendContext(NamedTuple):
    """Who sends, until when, and within which limits.

    Attributes:
        account_id: the account of the directory.
        credentials: sign the calls.
        time_limit: the moment at which the platform ends this process.
        deadline: the moment by which the last answer must be there.
        window: seconds within which nothing is sent twice to a target; 0 means no window.
        sends_per_day: the most messages in a day of all invocations with such a number together; None means no limit.
        trace: is told of what happens, at DEBUG; None otherwise.
        shares_time_among: how many want the time that is left. A send takes its part of it, or as much as a whole
            attempt needs, so only its waits become shorter. The claim is dated as ever.

    """

    account_id: str
    credentials: InjectedCredentials
    time_limit: Deadline
    deadline: Deadline
    window: float
    sends_per_day: int | None = None
    trace: "Trace | None" = None
    shares_time_among: int = 1


class VerificationService:
    """Sends verifications, to each target of a contact no more often than its ledger grants. Safe for many threads."""

    def __init__(self, client: ResourceDirectoryClient, ledger: Ledger, budget: DailyBudget) -> None:
        self._client = client
        self._ledger = ledger
        self._budget = budget

    def has_time(self, context: SendContext) -> bool:
        """Tell whether there is time for a whole attempt to send."""
        return context.deadline.allows(self._client.attempt_seconds)

    def send(self, verification: Verification, context: SendContext) -> Outcome:
        """Send a verification, unless one was sent or may have been, or is being sent, within the window."""
        trace = context.trace
        channel, contact_id, target = verification
        subject = subject_of(context.account_id, contact_id, target)
        try:
            credentials = context.credentials.require()
            claim = self._ledger.claim(subject, context.window, context.time_limit.remaining)
        except (MissingCredentials, StoreUnavailable) as error:
            return outcome_of(error)
        if isinstance(claim, Blocked):
            if trace is not None:
                trace.blocked(claim)
            return Outcome.blocked(contact_id, claim)
        if trace is not None:
            trace.claimed(context.window)
        if refusal := self._refusal_of_budget(claim, context):
            return _recorded(claim.release, refusal, channel, trace)
        try:
            accepted = channel.send(
                self._client,
                contact_id,
                target,
                credentials=credentials,
                deadline=self._deadline_of_share(context),
                observer=trace,
            )
        except ResourceDirectoryError as error:
            outcome = outcome_of(error)
            if not error.surely_not_sent:
                return _recorded(claim.record_unknown, outcome, channel, trace)
            if context.sends_per_day is not None:
                self._budget.give_back(context.account_id, claim)
            return _recorded(claim.release, outcome, channel, trace)
        outcome = Outcome.sent(contact_id, accepted.request_id, accepted.attempts)
        return _recorded(lambda: claim.record_sent(accepted.request_id), outcome, channel, trace)

    def _deadline_of_share(self, context: SendContext) -> Deadline:
        seconds = max(context.deadline.remaining() / context.shares_time_among, self._client.attempt_seconds)
        return context.deadline.within(seconds)

    def _refusal_of_budget(self, claim: Claim, context: SendContext) -> Outcome | None:
        if context.sends_per_day is None:
            return None
        try:
            seconds = self._budget.spend(context.account_id, claim, context.sends_per_day)
        except StoreUnavailable as error:
            return outcome_of(error)
        return None if seconds is None else Outcome.budget_spent(seconds)


def _recorded(settle: Callable[[], bool], outcome: Outcome, channel: Channel, trace: "Trace | None") -> Outcome:
    try:
        lost = f"The cooldown store holds another claim on the {channel.target}: it lost this one, and two may have"
        warning = None if settle() else f"{lost} {channel.sent}."
    except StoreUnavailable:
        kept = f"the {channel.target} stays claimed until the window ends"
        warning = f"The cooldown store did not take the outcome: {kept}."
    if trace is not None:
        trace.settled(outcome.status, warning)
    return outcome._replace(warning=warning) if warning else outcome
