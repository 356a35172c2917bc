"""How a claim on a number is settled by what became of the call."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pytest
import requests

from fcapi.credentials import Credentials
from local.resource_directory.server import Emulator
from phone_verification.request import VerificationRequest
from phone_verification.service import VerificationService
from resource_directory.client import ResourceDirectoryClient
from resource_directory.transport import new_session
from tests.handlers import CONTACT_ID, PHONE_NUMBER, REQUEST

CREDENTIALS = Credentials("LTAIlocal", "local-secret")


@dataclass
class Ledger:
    """A cooldown, and the claim it grants, that keeps in order what it was told."""

    entries: list[tuple[str, ...]] = field(default_factory=list)

    def claim(self, contact_id: str, phone_number: str) -> "Ledger":
        self.entries.append(("claim", contact_id, phone_number))
        return self

    def sent(self, request_id: str) -> None:
        self.entries.append(("sent", request_id))

    def unknown(self) -> None:
        self.entries.append(("unknown",))

    def release(self) -> None:
        self.entries.append(("release",))


def settle(url: str, *, nonce: Callable[[], str] = lambda: os.urandom(16).hex()) -> list[tuple[str, ...]]:
    """Send the first contact's verification and return what the cooldown was told after the claim."""
    client = ResourceDirectoryClient(
        url,
        session=new_session(),
        connect_timeout=5,
        read_timeout=5,
        now=lambda: datetime.now(timezone.utc),
        nonce=nonce,
        monotonic=time.monotonic,
    )
    ledger = Ledger()
    request = VerificationRequest.model_validate(REQUEST)
    with suppress(ZeroDivisionError):
        VerificationService(client, ledger).send(request, CREDENTIALS, time.monotonic() + 30)
    claim, *settled = ledger.entries
    assert claim == ("claim", CONTACT_ID, PHONE_NUMBER)
    return settled


def test_a_text_that_went_out_is_recorded_with_its_request_id(emulator: Emulator) -> None:
    settled = settle(emulator.url)
    assert settled == [("sent", emulator.directory.messages()[0].request_id)]


@pytest.mark.parametrize(
    ("fault", "settled"),
    [
        ({"Kind": "throttle"}, "release"),
        ({"Kind": "error", "Status": 404, "Code": "EntityNotExists.Contact", "Message": "x"}, "release"),
        ({"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x"}, "release"),
        ({"Kind": "error", "Status": 400, "Code": "Undocumented", "Message": "x"}, "unknown"),
        ({"Kind": "drop_before"}, "unknown"),
        ({"Kind": "drop_after"}, "unknown"),
        ({"Kind": "no_request_id"}, "unknown"),
    ],
)
def test_a_claim_is_given_back_only_if_surely_nothing_was_sent(
    emulator: Emulator, fault: dict[str, Any], settled: str
) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=5).raise_for_status()
    assert settle(emulator.url) == [(settled,)]


def test_a_claim_is_given_back_if_there_was_no_connection() -> None:
    with Emulator() as gone:
        url = gone.url
    assert settle(url) == [("release",)]


def test_a_bug_settles_nothing_so_that_the_claim_lives_on(emulator: Emulator) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    assert settle(emulator.url, nonce=broken) == []
