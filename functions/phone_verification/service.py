"""One request to one outcome: claim its number, call the API, settle the claim by the result of the call."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from cooldown.ledger import Blocked, Ledger
from cooldown.store import StoreUnavailable
from fcapi.credentials import InjectedCredentials, MissingCredentials
from fcapi.deadline import Deadline
from phone_verification.outcome import Outcome, outcome_of
from phone_verification.request import VerificationRequest
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import ResourceDirectoryError

NOT_RECORDED = "The cooldown store did not take the outcome: the number stays claimed until the window ends."


class SendContext(NamedTuple):
    """Who sends, until when, and within which limits.

    Attributes:
        account_id: the account of the directory.
        credentials: sign the calls.
        deadline: the moment by which the last answer must be there.
        window: seconds within which a number is not texted twice; 0 means no window.
        sends_per_day: the most texts in a day of all invocations with such a number together; None means no limit.

    """

    account_id: str
    credentials: InjectedCredentials
    deadline: Deadline
    window: float
    sends_per_day: int | None = None


class VerificationService:
    """Sends verifications, to each number of a contact no more often than its ledger grants. Safe for many threads."""

    def __init__(self, client: ResourceDirectoryClient, ledger: Ledger) -> None:
        self._client = client
        self._ledger = ledger

    def has_time(self, context: SendContext) -> bool:
        """Tell whether there is time for a whole attempt to send."""
        return context.deadline.allows(self._client.attempt_seconds)

    def send(self, request: VerificationRequest, context: SendContext) -> Outcome:
        """Send one verification, unless one was sent or may have been, or is being sent, within the window."""
        try:
            credentials = context.credentials.require()
            claim = self._ledger.claim((context.account_id, request.contact_id, request.phone_number), context.window)
        except (MissingCredentials, StoreUnavailable) as error:
            return outcome_of(error)
        if isinstance(claim, Blocked):
            return Outcome.blocked(request.contact_id, claim)
        if context.sends_per_day is not None and (refusal := self._refusal_of_budget(context, context.sends_per_day)):
            return _recorded(claim.release, refusal)
        try:
            accepted = self._client.send_phone_verification_for_message_contact(
                request.contact_id,
                request.phone_number,
                credentials=credentials,
                deadline=context.deadline,
            )
        except ResourceDirectoryError as error:
            outcome = outcome_of(error)
            if not error.surely_not_sent:
                return _recorded(claim.record_unknown, outcome)
            if context.sends_per_day is not None:
                with suppress(StoreUnavailable):  # one send fewer today
                    self._ledger.give_back(context.account_id)
            return _recorded(claim.release, outcome)
        outcome = Outcome.sent(request.contact_id, accepted.request_id, accepted.attempts)
        return _recorded(lambda: claim.record_sent(accepted.request_id), outcome)

    def _refusal_of_budget(self, context: SendContext, sends_per_day: int) -> Outcome | None:
        try:
            seconds = self._ledger.spend(context.account_id, sends_per_day)
        except StoreUnavailable as error:
            return outcome_of(error)
        return None if seconds is None else Outcome.budget_spent(seconds)


def _recorded(settle: Callable[[], None], outcome: Outcome) -> Outcome:
    try:
        settle()
    except StoreUnavailable:
        return outcome._replace(warning=NOT_RECORDED)
    return outcome
