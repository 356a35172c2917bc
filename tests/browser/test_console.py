"""The console in a real browser: events and their replies, faults, dead letters, contacts, numbers."""

from playwright.sync_api import Page, expect

PHONE_NUMBER = "86-13900001234"
MASKED = "86-139****1234"


def test_a_sample_is_sent_and_its_text_arrives(page: Page) -> None:
    page.get_by_label("Sample").select_option("http.json")
    page.get_by_role("button", name="Invoke", exact=True).click()

    reply = page.locator("#reply")
    expect(reply).to_contain_text("HTTP 200")
    expect(reply.locator("dt", has_text="RequestId")).to_be_visible()
    expect(page.locator("#texts li")).to_contain_text("https://verification.example.com/verify?code=")
    expect(page.locator("#log li", has_text="sent")).to_contain_text(MASKED)
    expect(page.locator("#limit-text")).to_have_text("1 of 100 texts today")
