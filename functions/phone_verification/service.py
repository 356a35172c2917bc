"""One request to one outcome: claim, call, settle the claim by what the call says."""

from dataclasses import replace

from cooldown import Cooldown
from phone_verification.outcome import Outcome, outcome_of, sent
from phone_verification.request import VerificationRequest
from resource_directory.acs3 import Credentials
from resource_directory.client import ResourceDirectoryClient
from resource_directory.errors import NotAttempted, ResourceDirectoryError


class VerificationService:
    """Sends verifications, each number of each contact no more often than `cooldown` grants. Safe for many threads."""

    def __init__(self, client: ResourceDirectoryClient, cooldown: Cooldown) -> None:
        self._client = client
        self._cooldown = cooldown

    def send(self, request: VerificationRequest, credentials: Credentials, deadline: float) -> Outcome:
        """Send one verification; `deadline` is a reading of the client's monotonic clock."""
        claim = self._cooldown.claim(request.contact_id, request.phone_number)
        try:
            request_id = self._client.send_phone_verification_for_message_contact(
                request.contact_id, request.phone_number, credentials=credentials, deadline=deadline
            )
        except ResourceDirectoryError as error:
            if error.surely_not_sent:
                claim.release()
            else:
                claim.unknown()
            return replace(outcome_of(error), attempts=0 if isinstance(error, NotAttempted) else 1)
        claim.sent(request_id)
        return sent(request_id)
