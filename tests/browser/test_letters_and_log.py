"""Dead letters and the raw log in a real browser."""

import json
import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from tests.browser.actions import (
    CONTACT_ID,
    MASKED,
    OTHER_ID,
    OTHER_NUMBER,
    PHONE_NUMBER,
    add_contact,
    empty_editor,
    fail_for_good,
    invoke,
    opened_timeline,
    request_for,
    rows,
    switch_on,
    toasts,
)
from tests.browser.conftest import Observed
from tests.clouds import Served

pytestmark = pytest.mark.xdist_group("browser")


def test_function_2_heals_what_a_fault_swallowed(page: Page) -> None:
    switch_on(page)
    invoke(page)
    expect(page.locator("#reply")).to_contain_text("FunctionMisconfigured")
    expect(page.locator("#messages li")).to_have_count(0)

    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#faults li")).to_have_count(0)
    page.get_by_role("button", name="Run now").click()
    expect(toasts(page).last).to_contain_text("Sweep finished: 1 sent")
    expect(rows(page).first.locator(".timeline")).to_be_visible()
    expect(page.locator("#messages .badge", has_text="text")).to_have_count(1)  # the sweep sends mails too


def test_a_dead_letter_is_sent_back_once_the_fault_is_gone(page: Page) -> None:
    fail_for_good(page)
    page.get_by_role("tab", name="Dead letters 1").click()
    letter = page.locator("#letters > li")
    for text in ("EventFailed", MASKED, "after 3 tries", "NoPermission", "the API refused the function"):
        expect(letter).to_contain_text(text)
    page.get_by_role("button", name="Send dead letter 1 back").click()
    expect(page.locator("#messages li")).to_have_count(1)
    expect(rows(page).first.locator(".timeline")).to_contain_text("sent back")
    expect(letter).to_have_count(0)


def test_a_letter_whose_contact_was_texted_since_says_so_and_leads_to_the_text(page: Page) -> None:
    fail_for_good(page)
    page.get_by_role("tab", name="Dead letters 1").click()
    letter = page.locator("#letters > li")
    expect(letter).not_to_contain_text("healed")
    expect(page.locator("#letter-count")).to_have_class(re.compile("alarm"))
    page.get_by_role("button", name="Run now").click()
    expect(rows(page).first.locator(".timeline")).to_be_visible()  # it is shown when the sweep has ended
    expect(page.locator("#messages .badge", has_text="text")).to_have_count(1)  # the sweep sends mails too
    page.get_by_role("tab", name="Dead letters 1").click()
    expect(letter).to_contain_text("healed")
    expect(letter).to_contain_text("Nothing is left to do")
    expect(page.locator("#letter-count")).not_to_have_class(re.compile("alarm"))
    letter.get_by_role("button", name="Text of").click()
    expect(page.locator("#messages li", has_text="86-")).to_have_class(re.compile("pointed-at"))


def test_a_letter_is_healed_by_verification_only_once_all_of_its_contacts_are_helped(page: Page) -> None:
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    fail_for_good(page, f"[{request_for(CONTACT_ID)}, {request_for(OTHER_ID, OTHER_NUMBER)}]")
    page.get_by_role("tab", name="Dead letters 1").click()
    letter = page.locator("#letters > li")
    page.get_by_role("button", name=f"Verify the number of {CONTACT_ID}").click()
    expect(letter.locator(".badge.good")).to_have_text(["✓verified"])
    expect(letter).not_to_contain_text("healed")
    page.get_by_role("button", name=f"Verify the number of {OTHER_ID}").click()
    expect(letter).to_contain_text("healed")


def test_a_letter_of_an_event_that_cannot_be_read_says_why(page: Page, cloud: Served) -> None:
    cloud.invoke("not JSON", asynchronous=True)
    page.get_by_role("tab", name="Dead letters 1").click()
    expect(page.locator("#letters > li")).to_contain_text("UnrecognizedEvent")
    expect(page.locator("#letters > li")).to_contain_text("The event cannot be read (not JSON)")


def test_who_went_elsewhere_is_not_called_back_by_what_was_begun(page: Page) -> None:
    page.get_by_label("What the API does").select_option(label="Slow")
    page.get_by_label("Seconds").fill("1")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults li")).to_have_count(1)
    page.get_by_role("button", name="Run now").click()
    page.get_by_role("tab", name="Log").click()
    expect(toasts(page).last).to_contain_text("Sweep finished")
    expect(page.locator("#view-log")).to_be_visible()


def test_a_letter_leads_to_the_invocation_that_failed(page: Page) -> None:
    fail_for_good(page)
    page.get_by_role("tab", name="Dead letters 1").click()
    page.locator("#letters").get_by_role("button", name="Timeline").click()
    expect(rows(page).locator(".timeline strong").last).to_have_text("Dead letter 1")


def test_a_letter_is_looked_into_masked_and_exported_whole_and_discarded(page: Page, tmp_path: Path) -> None:
    fail_for_good(page)
    page.get_by_role("tab", name="Dead letters 1").click()
    empty_editor(page)
    page.get_by_role("button", name="Look into dead letter 1").click()
    expect(page.locator("#letters pre")).to_contain_text(MASKED)
    assert PHONE_NUMBER not in page.content()

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export dead letter 1").click()
    downloading.value.save_as(tmp_path / "letter.json")
    letter = json.loads((tmp_path / "letter.json").read_text())
    assert json.loads(letter["requestPayload"]) == json.loads(request_for(CONTACT_ID))

    page.get_by_role("button", name="Discard dead letter 1").click()
    expect(page.locator("#letters > li")).to_have_count(0)
    page.get_by_role("tab", name="Invocations").click()
    expect(opened_timeline(page).locator("strong").last).to_have_text("Discarded")


def test_a_letter_that_somebody_else_took_is_said_to_be_gone(page: Page, cloud: Served, observed: Observed) -> None:
    observed.expect("404")
    observed.expect("ERR_FAILED")
    fail_for_good(page)
    page.get_by_role("tab", name="Dead letters 1").click()
    page.route("**/_serve/state", lambda route: route.abort())  # it does not learn of what others do
    assert requests.delete(cloud.url("_serve/dead-letters/1"), timeout=10).ok
    page.get_by_role("button", name="Send dead letter 1 back").click()
    expect(toasts(page).filter(has_text="There is no dead letter of this number.")).to_be_visible()


def test_what_is_left_by_an_event_that_ends_during_a_look_is_shown(page: Page, cloud: Served) -> None:
    def let_an_event_fail(route: Route) -> None:
        cloud.invoke(json.loads(request_for("c-unknown")), asynchronous=True)
        cloud.finish()
        route.continue_()

    page.route("**/_serve/dead-letters", let_an_event_fail, times=1)
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#letter-count")).to_have_text("1")


# The log.


def log(page: Page) -> None:
    page.get_by_role("tab", name="Log").click()
    expect(page.locator("#log-box")).to_be_visible()


def test_each_thing_is_said_once_unless_all_lines_are_asked_for(page: Page) -> None:
    switch_on(page)
    invoke(page, request_for(CONTACT_ID), "Asynchronous")
    expect(page.locator("#letter-count")).to_have_text("1")
    log(page)
    lines = page.locator("#log > li:visible")
    expect(lines).to_have_count(3)  # one for each try
    page.get_by_label("All lines").check()
    expect(lines.filter(has_text="event failed")).to_have_count(3)
    expect(lines.filter(has_text="FC Invoke Start")).to_have_count(3)


def test_a_line_opens_to_its_json_and_stays_in_view(page: Page, cloud: Served) -> None:
    for _ in range(25):
        cloud.invoke(json.loads(request_for("c-unknown")))
    expect(page.locator("#log-count")).to_have_text("25 of 125 lines")
    log(page)
    newest = page.locator("#log > li:visible").last
    expect(newest).to_be_in_viewport()
    newest.locator("summary").click()
    expect(newest.locator("pre")).to_contain_text('"outcome": "rejected"')
    expect(newest.locator("pre")).to_be_in_viewport(ratio=0.9)

    page.get_by_label("All lines").check()  # more than fit
    expect(page.locator("#log > li:visible").last).to_be_in_viewport()
    page.locator("#log-box").evaluate("(box) => box.scrollTo(0, 0)")
    cloud.invoke(json.loads(request_for("c-unknown")))
    expect(page.locator("#log-count")).to_contain_text("130 of 130")
    expect(page.locator("#log > li:visible").first).to_be_in_viewport()  # who reads is not moved away
    page.get_by_role("button", name="To the newest").click()
    expect(page.locator("#log > li:visible").last).to_be_in_viewport()


def test_the_lines_that_are_shown_are_exported_as_ndjson(page: Page, cloud: Served, tmp_path: Path) -> None:
    cloud.invoke(json.loads(request_for(CONTACT_ID)))
    cloud.invoke(json.loads(request_for("c-unknown")))
    log(page)
    page.get_by_label("Search", exact=True).fill("c-unknown")
    expect(page.locator("#log > li:visible")).to_have_count(1)
    page.get_by_label("All lines").check()
    page.get_by_label("Search", exact=True).fill("")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export").click()
    downloading.value.save_as(tmp_path / "log.ndjson")
    lines = [json.loads(line) for line in (tmp_path / "log.ndjson").read_text().splitlines()]
    assert [line["outcome"] for line in lines if line.get("message") == "phone verification"] == ["sent", "rejected"]
    assert len([line for line in lines if str(line.get("platform")).startswith("FC Invoke Start")]) == 2
