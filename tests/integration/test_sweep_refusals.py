"""Function 2 and what the API refuses: whom it refuses takes no message from the others."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from fcapi.errors import EventRejected
from local.emulator.server import Emulator
from tests.handlers import Clock
from tests.integration.test_sweep import (
    DAY,
    NO_PERMISSION,
    NOON,
    SEND,
    add_contacts,
    entry,
    inject,
    numbers_texted,
    page_server,
    sweeper,
    texted,
    tick,
)
from tests.stores import pass_time

UNSUPPORTED = "InvalidParameter.MobileCountryCode"
REFUSED = {**NO_PERMISSION, "Code": UNSUPPORTED, "Status": 400, "Action": SEND}


def test_a_run_sends_as_many_texts_as_it_may_although_some_are_refused(emulator: Emulator) -> None:
    add_contacts(emulator, 19)
    inject(emulator, **{**REFUSED, "Times": 5})
    invoked = sweeper(emulator.url, MAX_SENDS_PER_RUN="5")(tick())
    assert (type(invoked.error), UNSUPPORTED in str(invoked.error)) == (EventRejected, True)
    last = invoked.lines[-1]
    assert (last["sent"], last["failed"], last["left"], last["stopped_by"]) == (5, 5, 10, "Budget")
    assert len(numbers_texted(emulator)) == 5


def test_a_run_in_which_all_are_refused_ends_after_twice_as_many(emulator: Emulator) -> None:
    add_contacts(emulator, 19)
    inject(emulator, **{**REFUSED, "Times": 99})
    last = sweeper(emulator.url, MAX_SENDS_PER_RUN="5")(tick()).lines[-1]
    assert (last["sent"], last["failed"], last["left"], last["stopped_by"]) == (0, 10, 10, "Budget")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "half_answer", "garbage"])
def test_a_text_that_may_have_been_sent_counts_as_one(emulator: Emulator, kind: str) -> None:
    add_contacts(emulator, 9)
    inject(emulator, Kind=kind, Times=99, Action=SEND)
    last = sweeper(emulator.url, MAX_SENDS_PER_RUN="3")(tick()).lines[-1]
    assert (last["sent"], last["failed"], last["left"], last["stopped_by"]) == (0, 3, 7, "Budget")
    assert len(numbers_texted(emulator)) <= 3


def test_a_throttled_text_was_not_sent_and_another_takes_its_place(emulator: Emulator) -> None:
    add_contacts(emulator, 9)
    inject(emulator, Kind="throttle", Times=2, Action=SEND)
    last = sweeper(emulator.url, MAX_SENDS_PER_RUN="3", MAX_ATTEMPTS="1")(tick()).lines[-1]
    assert (last["sent"], last["failed"]) == (3, 2)


def test_a_dry_run_shows_no_more_than_a_run_may_send(emulator: Emulator) -> None:
    add_contacts(emulator, 9)
    invoked = sweeper(emulator.url, MAX_SENDS_PER_RUN="3")(tick(payload={"DryRun": True}))
    assert [line["message"] for line in invoked.lines] == ["would send"] * 3 + ["sweep finished"]


@pytest.mark.parametrize("every", [DAY, 600])
def test_numbers_that_are_always_refused_do_not_keep_others_from_being_texted(
    store: dict[str, str], server: Any, every: int
) -> None:
    """They are a third, and more than a run tries: with no text on record, they stay among the first."""
    listed = [entry(number) for number in range(45)]
    refused = [each["Target"] for each in listed[::3]]
    clock = Clock(time=NOON)
    with page_server(lambda _: listed, len(listed), refused=refused) as served:
        for _ in range(20):
            sweeper(served.url, **store, MAX_SENDS_PER_RUN="3").kept(clock)(tick(clock))
            clock.time += every
            pass_time(server, every)
    assert {each["Target"] for each in listed} == set(texted(served))


def test_a_number_that_another_run_may_have_texted_meanwhile_is_skipped(
    emulator: Emulator, store: dict[str, str]
) -> None:
    """The other run's answer was lost. This run made no call, so it is neither its failure nor its message."""
    add_contacts(emulator, 1)
    begun: list[str] = []

    class Meanwhile(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *others: Any, **named: Any) -> requests.Response:
            if request.headers["x-acs-action"] == SEND and not begun:
                begun.append("another run")
                inject(emulator, Kind="drop_after", Times=1, Action=SEND)
                assert sweeper(emulator.url, **store)(tick()).lines[-1]["failed"] == 1
            return super().send(request, *others, **named)

    invoked = sweeper(emulator.url, **store).kept(adapter=Meanwhile())(tick())
    assert (invoked.result["Sent"], invoked.result["Skipped"], invoked.result["Failed"]) == (1, 1, 0)
    assert len(numbers_texted(emulator)) == 2


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (lambda directory, each: directory.verify(each.contact_id, each.phone.pending), ".Verification"),
        (lambda directory, each: directory.delete(each.contact_id, at_once=True), ""),
    ],
    ids=["verified", "deleted"],
)
def test_what_was_verified_or_deleted_since_it_was_listed_is_skipped(
    emulator: Emulator, happens: Callable[[Any, Any], object], code: str
) -> None:
    add_contacts(emulator, 1)
    listed = list(emulator.directory.contacts())

    class Meanwhile(HTTPAdapter):
        def send(self, request: requests.PreparedRequest, *others: Any, **named: Any) -> requests.Response:
            if request.headers["x-acs-action"] == SEND and listed:
                (other,) = [each for each in listed if each.contact_id not in str(request.url)]
                happens(emulator.directory, other)
                listed.clear()
            return super().send(request, *others, **named)

    invoked = sweeper(emulator.url).kept(adapter=Meanwhile())(tick())
    counts = {"Pending": 2, "Sent": 1, "Skipped": 1, "Failed": 0, "Left": 0, "DryRun": False, "StoppedBy": None}
    assert invoked.result == counts
    assert [line["level"] for line in invoked.lines] == ["INFO"] * 3
    assert invoked.lines[1]["code"] == f"EntityNotExists.Contact{code}"
