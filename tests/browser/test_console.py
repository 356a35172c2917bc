"""The console in a real browser: events and their replies, faults, dead letters, contacts, numbers."""

import json
from collections.abc import Callable
from typing import Literal
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from phone_verification.masking import mask_phone_number
from tests.browser.conftest import Observed
from tests.clouds import RESEND, SEND, Served

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.usefixtures("untraced_processes")]
"""All on one worker: one browser serves them."""

CONTACT_ID = "c-qL4HqKONzOM7abcd"
PHONE_NUMBER = "86-13900001234"
MASKED = "86-139****1234"
OTHER_ID = "c-Yk3mNwQ8rT5vX2zB"
OTHER_NUMBER = "86-13912345678"


def invoke(page: Page, event: str, kind: str = "Wait for the reply") -> None:
    page.locator("#editor").fill(event)
    page.get_by_label(kind).check()
    page.get_by_role("button", name="Invoke", exact=True).click()


def request_for(contact_id: str, phone_number: str = PHONE_NUMBER) -> str:
    return f'{{"ContactId": "{contact_id}", "PhoneNumber": "{phone_number}"}}'


def switch_on(page: Page, fault: str, times: int) -> None:
    page.get_by_label("What the API does").select_option(label=fault)
    page.get_by_label("Answers hit").fill(str(times))
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults li")).to_have_count(1)


def add_contact(page: Page, contact_id: str, phone_number: str) -> None:
    if not page.locator("#contact-number").is_visible():
        page.get_by_text("Add a contact").click()
    page.locator("#contact-number").fill(phone_number)
    page.locator("#contact-id").fill(contact_id)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#contacts tr", has_text=contact_id)).to_be_visible()


def test_a_sample_is_sent_and_its_text_arrives(page: Page) -> None:
    page.get_by_label("Sample").select_option("http.json")
    page.get_by_role("button", name="Invoke", exact=True).click()

    reply = page.locator("#reply")
    expect(reply).to_contain_text("HTTP 200")
    expect(reply.locator("dt", has_text="RequestId")).to_be_visible()
    expect(page.locator("#texts li")).to_contain_text("https://verification.example.com/verify?code=")
    expect(page.locator("#log li", has_text="sent")).to_contain_text(MASKED)
    expect(page.locator("#limit-text")).to_have_text("1 of 100 texts today")


def test_each_function_that_is_served_can_be_chosen_and_has_a_sample_of_its_own(page: Page, cloud: Served) -> None:
    names = [function["Name"] for function in cloud.see("state")["Functions"]]
    assert page.locator("#function-choices label").all_inner_texts() == names
    expect(page.get_by_label(SEND)).to_be_checked()
    expect(page.get_by_label("Sample")).to_have_value("http.json")
    page.get_by_label(RESEND).check()
    expect(page.get_by_label("Sample")).to_have_value("sweep.json")
    page.get_by_label("Sample").select_option("timer.json")  # whose payload is a request
    expect(page.get_by_label(SEND)).to_be_checked()
    expect(page.locator("#functions li", has_text="HTTP trigger")).to_contain_text(SEND)
    expect(page.locator("#functions li", has_text="timer")).to_contain_text(RESEND)


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the event")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#event-heading")).to_be_focused()
    for _ in range(3):  # the function, the sample, the editor
        page.keyboard.press("Tab")
    expect(page.locator("#editor")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#announcements")).to_contain_text("HTTP 200")
    expect(page.locator("#texts li")).to_have_count(1)


def test_an_error_says_its_code(page: Page) -> None:
    invoke(page, request_for("c-unknown"))
    expect(page.locator("#reply")).to_contain_text("EntityNotExists.Contact")
    expect(page.locator("#log li:visible").first).to_contain_text("rejected")


def test_what_is_no_json_is_not_sent_unless_it_is_meant(page: Page) -> None:
    invoke(page, "{broken")
    expect(page.locator("#editor-error")).to_contain_text("This is no JSON")
    expect(page.locator("#editor")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#log li")).to_have_count(0)

    page.get_by_label("Send it as it is").check()
    page.get_by_role("button", name="Invoke", exact=True).click()
    expect(page.locator("#reply")).to_contain_text("UnrecognizedEvent")


def test_function_2_heals_what_a_fault_swallowed(page: Page) -> None:
    switch_on(page, "No permission (403)", times=50)
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#reply")).to_contain_text("FunctionMisconfigured")
    expect(page.locator("#texts li")).to_have_count(0)

    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#faults li")).to_have_count(0)
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#log li", has_text="sweep finished")).to_contain_text("1 sent")
    expect(page.locator("#texts li")).to_have_count(1)


def test_a_dead_letter_is_sent_back_once_the_fault_is_gone(page: Page) -> None:
    switch_on(page, "No permission (403)", times=50)
    invoke(page, request_for(CONTACT_ID), kind="Nobody waits")
    letter = page.locator("#letters > li")
    expect(letter).to_contain_text("EventFailed")
    expect(letter).to_contain_text(MASKED)
    expect(letter).to_contain_text("after 3 tries")

    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#faults li")).to_have_count(0)
    page.get_by_role("button", name="Send dead letter 1 back").click()
    expect(page.locator("#texts li")).to_have_count(1)
    expect(letter).to_have_count(0)


def test_what_is_left_by_an_event_that_ends_during_a_look_is_shown(
    context: BrowserContext, open_console: Callable[[], Page], cloud: Served
) -> None:
    """The look that finds no event waiting is the last one, so it must not have read the letters before."""

    def let_an_event_fail(route: Route) -> None:
        cloud.invoke({"ContactId": "c-unknown", "PhoneNumber": PHONE_NUMBER}, asynchronous=True)
        cloud.finish()
        route.continue_()

    context.route("**/_serve/logs?since=*", lambda _: None)  # no log line leads to another look
    page = open_console()
    page.route("**/_serve/state", let_an_event_fail, times=1)
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#letters > li")).to_have_count(1)


def test_a_contact_is_added_and_verified(page: Page) -> None:
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    row = page.locator("#contacts tr", has_text=OTHER_ID)
    expect(row).to_contain_text("unverified")
    row.get_by_role("button", name="Write an event").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#texts li")).to_contain_text(OTHER_ID)

    row.get_by_role("button", name="Verify").click()
    expect(row).to_contain_text("✓ verified")
    expect(page.locator("#contacts-heading")).to_be_focused()


def test_a_contact_that_cannot_be_is_refused_in_words(page: Page, observed: Observed) -> None:
    observed.expect("400")
    page.get_by_text("Add a contact").click()
    page.locator("#contact-number").fill("none")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#contact-error")).to_contain_text("PhoneNumber")


def test_numbers_are_masked_until_whole_ones_are_asked_for_and_after_each_load(page: Page) -> None:
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#texts li")).to_contain_text(MASKED)
    page.locator("#editor").fill("")
    assert PHONE_NUMBER not in page.content()

    page.get_by_label("Show whole numbers").check()
    expect(page.locator("#texts li")).to_contain_text(PHONE_NUMBER)
    expect(page.locator("#contacts")).to_contain_text(PHONE_NUMBER)

    page.reload()
    expect(page.get_by_label("Show whole numbers")).not_to_be_checked()
    expect(page.locator("#texts li")).to_contain_text(MASKED)


@pytest.mark.parametrize("number", [PHONE_NUMBER, "1-2025550123", "65-12345", "65-1234", "65-1", "none", "+86-1", ""])
def test_numbers_are_masked_as_in_the_log(page: Page, number: str) -> None:
    masked = page.evaluate("async (number) => (await import('/_console/numbers.js')).mask(number)", number)
    assert masked == mask_phone_number(number)


def test_the_story_of_one_contact_is_told_alone(page: Page) -> None:
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    invoke(page, f"[{request_for(CONTACT_ID)}, {request_for(OTHER_ID, OTHER_NUMBER)}]")
    lines = page.locator("#log > li:visible")
    expect(lines).to_have_count(2)

    page.locator("#log").get_by_role("button", name=f"Story of {OTHER_ID}").click()
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(OTHER_ID)
    page.locator("#log-story").click()
    expect(lines).to_have_count(2)
    page.locator("#log-filter").fill(CONTACT_ID.lower())
    expect(lines).to_have_count(1)


def test_data_is_never_read_as_html(page: Page) -> None:
    page.get_by_label("Send it as it is").check()
    event = {"specversion": "1.0", "id": "<img src=x>", "type": "a", "source": "b", "data": {"ContactId": "<b>"}}
    invoke(page, json.dumps(event))
    expect(page.locator("#log li:visible").first).to_be_visible()
    assert page.locator("main img, main b").count() == 0


def test_a_server_that_is_gone_is_said_to_be(page: Page, observed: Observed) -> None:
    observed.expect("Failed to load resource")
    page.context.set_offline(True)
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#announcements")).to_contain_text("does not answer")
    page.context.set_offline(False)
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#texts li")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_rules_of_axe_find_nothing(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    invoke(page, request_for("c-unknown"), kind="Nobody waits")
    expect(page.locator("#letters > li")).to_have_count(1)
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#texts li")).to_have_count(1)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_fits_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#texts li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_page_may_run_and_load_only_its_own(cloud: Served, page: Page) -> None:
    with urlopen(cloud.url(""), timeout=10) as answer:  # noqa: S310 -- a URL of this test's own
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
    assert "unsafe" not in policy
    assert page.locator("script:not([src]), style, [style], [onclick]").count() == 0


def test_what_one_page_does_another_shows_by_itself(open_console: Callable[[], Page]) -> None:
    first, second = open_console(), open_console()
    invoke(first, request_for(CONTACT_ID))
    expect(second.locator("#texts li")).to_have_count(1)
