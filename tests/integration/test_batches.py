"""What becomes of an event with several deliveries, by what became of each: the table of docs/outcomes.md."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from fcapi.errors import EventFailed, EventRejected
from local.emulator.contacts import Details
from local.emulator.server import Emulator
from tests.handlers import REQUEST, LocalFunction

EVENTS = Path(__file__).parents[2] / "events"
OTHER = {"ContactId": "c-5gsZAGtbCdGduDFa", "PhoneNumber": "86-13900005678"}
ACCOUNT_ID = "1234567890123456"
DEAD: dict[str, str | int] = {"Kind": "drop_after"}
REFUSED: dict[str, str | int] = {"Kind": "error", "Status": 403, "Code": "NoPermission", "Message": "x"}


def bus_event(data: object, trigger: str = "eventbridge") -> dict[str, Any]:
    return {**json.loads((EVENTS / f"{trigger}.json").read_text()), "data": data}


def delivery_of(outcome: str, request: dict[str, str], function: LocalFunction, emulator: Emulator) -> object:
    """Return a delivery that will have this outcome, having done what it takes for that."""
    subject = (ACCOUNT_ID, request["ContactId"], request["PhoneNumber"])
    match outcome:
        case "ignored":
            return bus_event({"eventName": "DeleteMessageContact"}, "actiontrail")
        case "rejected":
            return bus_event({**request, "PhoneNumber": "86-139****1234"})
        case "duplicate":
            function.components.ledger.claim(subject, 0, lambda: 60.0).record_sent("R")
        case "in_progress":
            function.components.ledger.claim(subject, 0, lambda: 60.0)
        case "unknown":
            requests.post(f"{emulator.url}/_emulator/faults", json=DEAD, timeout=5).raise_for_status()
        case "failed":
            requests.post(f"{emulator.url}/_emulator/faults", json=REFUSED, timeout=5).raise_for_status()
    return bus_event(request)


TABLE = [
    # outcome of all deliveries but the first, which is sent; of all; then what the event comes to
    ("sent", None, None),
    ("duplicate", None, None),
    ("ignored", None, None),
    ("in_progress", EventFailed, EventFailed),
    ("unknown", EventFailed, EventFailed),
    ("rejected", EventRejected, EventRejected),
    ("failed", EventFailed, EventFailed),
]


@pytest.mark.parametrize("all_of_them", [False, True])
@pytest.mark.parametrize(("outcome", "if_some", "if_all"), TABLE)
def test_an_event_succeeds_only_if_every_delivery_is_done(
    emulator: Emulator,
    outcome: str,
    if_some: type[EventFailed] | None,
    if_all: type[EventFailed] | None,
    all_of_them: bool,
) -> None:
    details = Details("Security", "security@example.com", OTHER["PhoneNumber"], "Other", ("SecurityMessage",))
    emulator.directory.add(details, OTHER["ContactId"])
    function = LocalFunction(emulator.url).kept()
    second = delivery_of(outcome, OTHER, function, emulator)
    first = delivery_of(outcome, REQUEST, function, emulator) if all_of_them else bus_event(REQUEST)
    # What was made to fail is whatever comes first.
    event = [first, second] if all_of_them or outcome not in ("unknown", "failed") else [second, first]
    invoked = function(event)
    kind = if_all if all_of_them else if_some
    assert type(invoked.error) is (type(None) if kind is None else kind)
    outcomes = [line["outcome"] for line in invoked.lines if line["message"] == "phone verification"]
    assert outcomes.count(outcome) == len(outcomes) or not all_of_them
    assert outcome in outcomes
    if kind is None:
        assert [result["Status"] for result in invoked.result["Results"]] == outcomes
    else:
        failures = [outcome for outcome in outcomes if outcome not in ("sent", "duplicate", "ignored")]
        assert str(invoked.error).startswith(f"{len(failures)} of 2 deliveries not done: ")
        assert invoked.lines[-1]["message"] == "event failed"


def test_the_page_on_outcomes_has_the_same_table() -> None:
    page = (EVENTS.parent / "docs" / "outcomes.md").read_text()
    for outcome, if_some, if_all in TABLE:
        names = [kind.__name__ if kind else "succeeds" for kind in (if_some, if_all)]
        cells = [f"`{name}`" if name != "succeeds" else name for name in names]
        assert f"| `{outcome}` | {cells[0]} | {cells[1]} |" in page
