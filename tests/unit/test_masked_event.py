"""An event as it may be shown: no phone number, e-mail address or key, wherever it hides; all else can be read."""

import base64
import json
from contextlib import suppress
from pathlib import Path

import pytest

from local.serve.masked_event import masked_event

NUMBER = "13900001234"
EVENTS = Path(__file__).parents[2] / "events"


def masked(event: object) -> str:
    return masked_event((event if isinstance(event, str) else json.dumps(event)).encode())


@pytest.mark.parametrize("sample", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_no_sample_shows_its_number_in_any_encoding(sample: Path) -> None:
    shown = masked_event(sample.read_bytes())
    assert NUMBER not in shown
    for word in shown.replace('"', " ").split():
        with suppress(ValueError):  # it is no base64
            assert NUMBER not in base64.b64decode(word + "=" * (-len(word) % 4)).decode("utf-8", "replace")


@pytest.mark.parametrize(
    "event",
    [
        f"86-{NUMBER}",
        {"a": int(NUMBER)},
        {f"86-{NUMBER}": 1},
        {"a": [f"call +86 139 0000 1234, or 86-{NUMBER}."]},
        {"a": f"tel:86-{NUMBER}"},
        {"body": json.dumps({"PhoneNumber": f"86-{NUMBER}"})},
        {"body": base64.b64encode(json.dumps([NUMBER]).encode()).decode()},
        {"body": json.dumps({"body": json.dumps({"a": NUMBER})})},
        f"{{broken 86-{NUMBER}",
    ],
)
def test_a_number_is_masked_wherever_it_is(event: object) -> None:
    shown = masked(event)
    assert NUMBER not in shown
    assert "0000" not in shown
    assert "****" in shown


@pytest.mark.parametrize(
    "address",
    [
        *("zhang's@example.com", "<zhang>san@example.com", "zhang%40localhost", f"86-{NUMBER}@localhost"),
        *(f"zhang-86-{NUMBER}@example.com", f'"86-{NUMBER} zhang"@example.com'),
    ],
)
def test_an_email_address_is_masked_whatever_is_in_it(address: str) -> None:
    assert json.loads(masked({"mail": f"to {address} again"})) == {"mail": "to **** again"}


def test_an_email_address_and_a_key_are_masked() -> None:
    shown = masked({"mail": "operations@example.com", "key": "LTAI5tExampleExample"})
    assert json.loads(shown) == {"mail": "****", "key": "****"}


def test_what_is_not_private_can_be_read() -> None:
    event = {
        "ContactId": "c-qL4HqKONzOM7abcd",
        "PhoneNumber": f"86-{NUMBER}",
        "time": "2026-11-02T08:30:00Z",
        "requestId": "1-6566a1b2-15f26b4c-8d2e6a0b7c41",
        "id": "8f2f5f7e-6a3b-4f0e-9d5a-0c6e2f9b1a10",
        "statusCode": 200,
        "ok": True,
        "none": None,
        "text": "äöü",
    }
    assert json.loads(masked(event)) == {**event, "PhoneNumber": "86-139****1234"}
    assert "äöü" in masked(event)


@pytest.mark.parametrize(
    "event",
    ["[" * 100_000, "[" * 900 + "]" * 900, ""],
    ids=["never closed", "deep", "empty"],
)
def test_what_is_too_deep_or_nothing_is_shown_as_text(event: str) -> None:
    assert len(masked(event)) >= len(event)
