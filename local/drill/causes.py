"""The cause of each alert: something that goes wrong, so that the alert's query finds it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from local.drill.served import Served
from local.samples import SAMPLES, event_of

_SEND, _LIST = "SendPhoneVerificationForMessageContact", "ListMessageContactVerifications"
_NOBODY = {"ContactId": "c-nobodyabcd", "PhoneNumber": "86-13900000000"}


@dataclass(frozen=True, slots=True)
class Cause:
    """What goes wrong, in words, and how it is played; `also` are further alerts that fire for it.

    `has_store` says that the functions are set up with a store, which is down.
    """

    told: str
    play: Callable[[Served], object]
    also: frozenset[str] = frozenset()
    has_store: bool = False


def _dead_letter(served: Served) -> None:
    served.submit(_NOBODY)


def _letter_sent_back(served: Served) -> None:
    event = event_of("eventbridge", _NOBODY["ContactId"], _NOBODY["PhoneNumber"])
    for _ in range(3):
        served.invoke(event)


def _refused_role(served: Served) -> None:
    served.spoil("error", _SEND, 1, Status=403, Code="NoPermission", Message="You are not authorized.")
    served.post(served.new_contact())


def _spent_texts(served: Served) -> None:
    for _ in range(4):
        served.post(served.new_contact())


def _lost_answers(served: Served) -> None:
    served.spoil("drop_after", _SEND, 3)
    for _ in range(3):
        served.post(served.new_contact())


def _store_down(served: Served) -> None:
    served.post(served.new_contact())


def _failed_listing(served: Served) -> None:
    served.spoil("drop_after", _LIST, 1)
    served.tick()


def _dry_run_alone(served: Served) -> None:
    event = json.loads((SAMPLES / "sweep_dry_run.json").read_text(encoding="utf-8"))
    served.invoke(event, function="resend_pending_verifications")


def _missing_file(served: Served) -> None:
    assert served.ca is not None
    served.ca.unlink()
    served.begin_anew(keep_instances=False)
    served.post(_NOBODY)


CAUSES = {
    "dead-letter": Cause("an event names a contact that the directory does not have", _dead_letter),
    "event-failed": Cause(
        "EventBridge hands over a dead letter that was sent back, and it fails three times more", _letter_sent_back
    ),
    "misconfigured": Cause("the role of function 1 lost its right to call the API", _refused_role),
    "daily-limit": Cause("the account, which may send three texts a day here, is asked for a fourth", _spent_texts),
    "unknown-outcomes": Cause("three answers of the API are lost on their way back", _lost_answers),
    "store-down": Cause("nothing listens where the cooldown's store should be", _store_down, has_store=True),
    "listing-failed": Cause(
        "the answer of the API to function 2's listing is lost", _failed_listing, frozenset({"dead-letter"})
    ),
    "no-sweep": Cause("all that function 2 did was a dry run", _dry_run_alone),
    "initializer": Cause("the package lacks the file that COOLDOWN_STORE_CA names", _missing_file, has_store=True),
}
"""By the alert's name, in the order in which they are played: the last one leaves functions that cannot start."""
