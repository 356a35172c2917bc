"""One request to one outcome: claim its number, call the API, settle the claim by what the call says."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from cooldown.ledger import Held, Ledger
from cooldown.store import StoreUnavailable
from phone_verification.outcome import Outcome, held, outcome_of, sent, spent
from phone_verification.request import VerificationRequest
from resource_directory.acs3 import Credentials
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import ResourceDirectoryError

NOT_RECORDED = "The cooldown store did not take what became of this: the number stays claimed until the window ends."


class Terms(NamedTuple):
    """On which terms an invocation sends.

    Attributes:
        account_id: whose directory it is.
        credentials: who calls.
        deadline: the reading of the client's monotonic clock by which the last answer must be there.
        window: seconds within which a number is not texted twice; 0 is none.
        sends_per_day: how many texts all invocations with such a number may send in a day together; None is no limit.

    """

    account_id: str
    credentials: Credentials
    deadline: float
    window: float
    sends_per_day: int | None = None


class VerificationService:
    """Sends verifications, each number of each contact no more often than its ledger grants. Safe for many threads."""

    def __init__(self, client: ResourceDirectoryClient, ledger: Ledger) -> None:
        self._client = client
        self._ledger = ledger

    def send(self, request: VerificationRequest, terms: Terms) -> Outcome:
        """Send one verification, unless one was sent or may have been, or is being sent, within the window."""
        try:
            claim = self._ledger.claim((terms.account_id, request.contact_id, request.phone_number), terms.window)
        except StoreUnavailable as error:
            return outcome_of(error)
        if isinstance(claim, Held):
            return held(request.contact_id, claim)
        if terms.sends_per_day is not None and (refusal := self._refusal_of_budget(terms, terms.sends_per_day)):
            return _recorded(claim.release, refusal)
        try:
            accepted = self._client.send_phone_verification_for_message_contact(
                request.contact_id,
                request.phone_number,
                credentials=terms.credentials,
                deadline=terms.deadline,
            )
        except ResourceDirectoryError as error:
            outcome = outcome_of(error)
            if not error.surely_not_sent:
                return _recorded(claim.unknown, outcome)
            if terms.sends_per_day is not None:
                with suppress(StoreUnavailable):  # one send fewer today
                    self._ledger.give_back(terms.account_id)
            return _recorded(claim.release, outcome)
        outcome = sent(request.contact_id, accepted.request_id, accepted.attempts)
        return _recorded(lambda: claim.sent(accepted.request_id), outcome)

    def _refusal_of_budget(self, terms: Terms, sends_per_day: int) -> Outcome | None:
        try:
            seconds = self._ledger.spend(terms.account_id, sends_per_day)
        except StoreUnavailable as error:
            return outcome_of(error)
        return None if seconds is None else spent(seconds)


def _recorded(settle: Callable[[], None], outcome: Outcome) -> Outcome:
    try:
        settle()
    except StoreUnavailable:
        return outcome._replace(warning=NOT_RECORDED)
    return outcome
