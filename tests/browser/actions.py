"""What a user does with the console, for tests to do."""

import json

from playwright.sync_api import Locator, Page, expect

CONTACT_ID = "c-qL4HqKONzOM7abcd"
PHONE_NUMBER = "86-13900001234"
MASKED = "86-139****1234"
OTHER_ID = "c-Yk3mNwQ8rT5vX2zB"
OTHER_NUMBER = "86-13912345678"

NO_PERMISSION = "No permission (403)"


def empty_editor(page: Page) -> None:
    """Take away the one whole number that a page shows."""
    page.locator("#editor").fill("")
    expect(page.locator("#paint")).to_have_text("")  # its colours follow with the next frame


def request_for(contact_id: str, phone_number: str = PHONE_NUMBER) -> str:
    """Return an event that asks for a text."""
    return json.dumps({"ContactId": contact_id, "PhoneNumber": phone_number})


def invoke(page: Page, event: str | None = None, kind: str = "Synchronous") -> None:
    """Invoke with an event, or with the one that is written already."""
    if event is not None:
        page.locator("#editor").fill(event)
    page.get_by_label(kind, exact=True).check()
    button = page.get_by_role("button", name="Invoke", exact=True)
    expect(button).not_to_have_attribute("aria-busy", "true")  # of the invocation before
    button.click()


def switch_on(page: Page, fault: str = NO_PERMISSION, times: int = 50) -> None:
    """Have the API go wrong."""
    page.get_by_label("What the API does").select_option(label=fault)
    page.get_by_label("Answers hit").fill(str(times))
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults li")).to_have_count(1)


def fail_for_good(page: Page, event: str | None = None) -> None:
    """Have an event end as a dead letter, and the API be well again."""
    switch_on(page)
    invoke(page, event or request_for(CONTACT_ID), "Asynchronous")
    expect(page.locator("#letter-count")).to_have_text("1")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#faults li")).to_have_count(0)


def add_contact(page: Page, contact_id: str, phone_number: str) -> Locator:
    """Add a contact by the form, and return its row."""
    if not page.locator("#contact-number").is_visible():
        page.get_by_text("Add a contact").click()
    page.locator("#contact-number").fill(phone_number)
    page.locator("#contact-id").fill(contact_id)
    page.get_by_role("button", name="Add", exact=True).click()
    row = page.locator("#contacts > li", has_text=contact_id)
    expect(row).to_be_visible()
    return row


def rows(page: Page) -> Locator:
    """Return the rows of the invocations that are shown, the newest first."""
    return page.locator("#invocations > li:visible")


def opened_timeline(page: Page, number: int = 0) -> Locator:
    """Open the invocation at a place in the list, and return its timeline."""
    row = rows(page).nth(number)
    row.locator(".row").click()
    expect(row.locator(".timeline")).to_be_visible()
    return row.locator(".timeline")


def toasts(page: Page) -> Locator:
    """Return the messages that are shown."""
    return page.locator("#toasts .toast:visible")
