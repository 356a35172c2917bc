"""The emulated directory in a real browser: the phone, the contacts, the faults, the day's limit."""

import re
from types import SimpleNamespace

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from phone_verification.masking import mask_phone_number
from tests.browser.actions import (
    CONTACT_ID,
    MASKED,
    OTHER_ID,
    OTHER_NUMBER,
    PHONE_NUMBER,
    add_contact,
    empty_editor,
    invoke,
    opened_timeline,
    request_for,
    rows,
    switch_on,
    toasts,
)
from tests.browser.conftest import Observed
from tests.clouds import Served, serving
from tests.integration import vendor

pytestmark = pytest.mark.xdist_group("browser")

EMAIL_ADDRESS = "operations@example.com"


# Contacts.


def test_a_contact_is_added_texted_and_verified_by_the_link_in_its_text(page: Page, observed: Observed) -> None:
    observed.expect("404")
    row = add_contact(page, OTHER_ID, OTHER_NUMBER)
    expect(row).to_contain_text("ContactA")
    row.get_by_role("button", name="Write an event").click()
    invoke(page)
    text = page.locator("#messages li", has_text=OTHER_ID)
    text.get_by_role("button", name=re.compile("verification.example.com")).click()
    expect(toasts(page).last).to_contain_text(f"The number of {OTHER_ID} is verified")
    expect(row).to_contain_text("✓verified")
    text.get_by_role("button", name=re.compile("verification.example.com")).click()
    expect(toasts(page).last).to_have_class(re.compile("bad"))  # it is verified already


def test_a_contact_is_verified_and_deleted_by_its_buttons(page: Page) -> None:
    row = page.locator("#contacts > li")
    row.get_by_role("button", name="Verify").click()
    expect(row).to_contain_text("✓verified")
    expect(page.locator("#contacts-heading")).to_be_focused()  # its button is gone
    expect(row.get_by_role("button", name="Write an event")).to_be_visible()  # to see what comes of it now
    row.get_by_role("button", name="Delete").click()
    expect(toasts(page).last).to_contain_text(f"{CONTACT_ID} is deleted")
    expect(row).to_have_count(0)
    expect(page.locator("#contacts-heading")).to_be_focused()


def test_a_contact_that_cannot_be_is_refused_in_a_sentence_at_its_field(page: Page, observed: Observed) -> None:
    observed.expect("40")
    page.get_by_text("Add a contact").click()
    for field, value, says in (
        ("number", "none", "It must be a country code, a hyphen and 5 to 15 digits, as 86-13900005678."),
        ("id", "mine", "It must be c- and letters or digits, as c-Yk3mNwQ8rT5vX2zB."),
        ("id", CONTACT_ID, "There is a contact of this id."),
        ("name", "Agent 7", "It must be letters only."),
    ):
        page.locator(f"#contact-{field}").fill(value)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#contact-form .error:visible")).to_have_text([says])
        expect(page.locator("#contact-form [aria-invalid]")).to_have_id(f"contact-{field}")
        expect(page.locator(f"#contact-{field}")).to_be_focused()
        page.locator(f"#contact-{field}").fill("")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#contacts > li")).to_have_count(2)  # what is left out is made up
    expect(page.locator("#contact-form .error:visible")).to_have_count(0)


def test_a_fault_that_cannot_be_is_refused_in_a_sentence_at_its_field(page: Page, observed: Observed) -> None:
    observed.expect("400")
    page.get_by_label("Answers hit").fill("0")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#fault-times-error")).to_have_text("It must be 1 or more.")
    page.get_by_label("Answers hit").fill("3")
    page.get_by_label("What the API does").select_option(label="Another error")
    page.get_by_label("Status", exact=True).fill("200")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#fault-Status-error")).to_have_text("It must be 400 or more.")


def test_many_contacts_stay_in_a_box_of_their_own_and_are_searched(full_page: Page) -> None:
    page = full_page
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height == 768
    search = page.get_by_label("Search contacts")
    search.fill("contactb ")  # of ContactB, ContactBA and so on: what has it in its name
    expect(page.locator("#contact-count")).to_have_text(re.compile(r"^\d+ of 500$"))
    search.fill(PHONE_NUMBER)
    expect(page.locator("#contacts > li:visible")).to_contain_text([CONTACT_ID])
    search.fill("nobody")
    expect(page.locator("#contacts-empty")).to_be_visible()


def test_who_went_on_to_write_keeps_the_focus(page: Page) -> None:
    def go_elsewhere(route: Route) -> None:
        page.locator("#editor").focus()
        route.continue_()

    page.route("**/_emulator/contacts", go_elsewhere, times=1)
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    expect(toasts(page).last).to_contain_text("Added")
    expect(page.locator("#editor")).to_be_focused()


# The inbox.


def test_texts_and_mails_lie_in_one_inbox_and_the_link_in_a_mail_verifies_the_address(
    page: Page, cloud: Served
) -> None:
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#messages li")).to_have_count(1)
    emulator = SimpleNamespace(url=cloud.endpoints["emulator"])
    asked = {"ContactId": CONTACT_ID, "EmailAddress": EMAIL_ADDRESS}
    vendor.send(emulator, vendor.signed(emulator, asked, action="SendEmailVerificationForMessageContact"))
    expect(page.locator("#messages li .badge")).to_have_text(["text", "mail"])
    mail = page.locator("#messages li").last
    for shown in ("****@example.com", CONTACT_ID, "https://verification.example.com/verify?code="):
        expect(mail).to_contain_text(shown)
    expect(mail.locator("time")).to_be_visible()
    assert EMAIL_ADDRESS not in page.content()
    page.get_by_label("Show whole numbers").check()
    expect(mail).to_contain_text(EMAIL_ADDRESS)

    mail.get_by_role("button", name=re.compile("verification.example.com")).click()
    expect(toasts(page).last).to_contain_text(f"The address of {CONTACT_ID} is verified")
    (contact,) = requests.get(cloud.url("_emulator/contacts"), timeout=10).json()["Contacts"]
    assert contact["Pending"] == [PHONE_NUMBER]
    page.get_by_role("button", name="Forget all").click()
    expect(page.locator("#messages li")).to_have_count(0)


def test_without_a_store_it_is_said_that_a_number_can_be_texted_twice(page: Page, browser: Browser) -> None:
    expect(page.locator("#no-store")).to_be_in_viewport(ratio=1)
    expect(page.locator("#no-store")).to_contain_text("a number can get two")
    invoke(page, request_for(CONTACT_ID))
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#messages .badge", has_text="text")).to_have_count(2)  # it is true
    mailed = rows(page).first.locator(".delivery", has_text="@example.com")
    expect(mailed).to_contain_text("sent")
    expect(mailed).to_contain_text(CONTACT_ID)
    with serving(settings={"COOLDOWN_STORE_URL": "rediss://127.0.0.1:1/0"}) as cloud:
        context = browser.new_context()
        other = context.new_page()
        other.goto(cloud.url(""))
        expect(other.locator("#connection")).to_have_text("Live")
        expect(other.locator("#no-store")).to_be_hidden()
        context.close()


# The limit.


def test_a_hundredth_of_the_days_limit_can_be_read(page: Page) -> None:
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#limit-text")).to_have_text("1 of 100 texts today")
    box = page.locator("#limit span").bounding_box()
    assert box is not None
    assert box["width"] >= 4
    assert box["height"] >= 6
    expect(page.get_by_role("meter")).to_have_attribute("aria-valuetext", "1 of 100 texts today")


def test_on_the_next_day_texts_may_be_sent_again(page: Page) -> None:
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#limit-text")).to_have_text("1 of 100 texts today")
    expect(page.locator("#day")).to_have_text("")
    page.get_by_role("button", name="Next day").click()
    expect(page.locator("#limit-text")).to_have_text("0 of 100 texts today")
    expect(page.locator("#day")).not_to_have_text("")
    expect(toasts(page).last).to_contain_text("For the directory it is")


def test_everything_is_as_at_the_start_after_a_reset(new_page: Page) -> None:
    page = new_page
    invoke(page)
    expect(page.locator("#messages li")).to_have_count(1)
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_role("button", name="Reset everything").click()
    expect(toasts(page).last).to_contain_text("All is as at the start")
    for list_, count in (("messages", 0), ("invocations", 0), ("log", 0), ("contacts", 1)):
        expect(page.locator(f"#{list_} > li")).to_have_count(count)
    expect(page.locator("#reply")).to_contain_text("What the function answers is shown here.")
    invoke(page)  # of the number that was texted a moment ago: the functions remember nothing either
    expect(page.locator("#messages li")).to_have_count(1)


# Numbers.


def test_numbers_are_masked_until_whole_ones_are_asked_for_and_after_each_load(page: Page, observed: Observed) -> None:
    observed.expect("Failed to load resource")
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#messages li")).to_contain_text(MASKED)
    empty_editor(page)
    assert PHONE_NUMBER not in page.content()

    page.get_by_label("Show whole numbers").check()
    expect(page.locator("#messages li")).to_contain_text(PHONE_NUMBER)
    expect(page.locator("#contacts")).to_contain_text(PHONE_NUMBER)

    opened_timeline(page)
    expect(rows(page).locator(".timeline")).to_contain_text(f"Text to {PHONE_NUMBER}")

    page.context.set_offline(True)
    page.get_by_label("Show whole numbers").uncheck()
    assert PHONE_NUMBER not in page.content()  # at once, whatever the server does
    page.context.set_offline(False)
    page.get_by_label("Show whole numbers").check()
    page.reload()
    expect(page.get_by_label("Show whole numbers")).not_to_be_checked()
    expect(page.locator("#messages li")).to_contain_text(MASKED)


def test_numbers_are_masked_as_in_the_log(page: Page) -> None:
    numbers = [PHONE_NUMBER, "1-2025550123", "65-12345", "65-1234", "65-1", "none", "+86-1", ""]
    ask = "async (all) => { const { mask } = await import('/_console/numbers.js'); return all.map(mask); }"
    assert page.evaluate(ask, numbers) == [mask_phone_number(number) for number in numbers]


# Faults.


def test_a_fault_shows_how_many_answers_it_still_hits(page: Page) -> None:
    switch_on(page, times=3)
    expect(page.locator("#fault-count")).to_have_text("1 on")
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#faults li")).to_contain_text("the next 2 answers")
    expect(rows(page)).to_contain_text("failed")
