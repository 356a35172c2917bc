"""The page as a whole in a real browser: keyboard, much of all, a server that is gone, what it is made of."""

from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.actions import (
    CONTACT_ID,
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


# The keyboard.


def test_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Event")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#event-heading")).to_be_focused()
    for _ in range(3):  # the sample, the function, the editor
        page.keyboard.press("Tab")
    expect(page.locator("#editor")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#announcements")).to_contain_text("HTTP 200")
    expect(page.locator("#messages li")).to_have_count(1)


def test_few_stops_lead_through_a_full_page_and_arrows_through_its_lists(full_page: Page) -> None:
    page = full_page
    page.locator("#event-heading").focus()
    page.evaluate(
        """() => {
        window.stops = [];
        document.addEventListener("focusin", ({ target }) => window.stops.push(target.id || target.className));
        }"""
    )
    for _ in range(40):
        page.keyboard.press("Tab")
    assert "fault-kind" in page.evaluate("window.stops")  # in the last panel

    first = rows(page).first.locator(".row")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1).locator(".row")).to_be_focused()
    page.keyboard.press("End")
    expect(rows(page).last.locator(".row")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows(page).last.locator(".timeline")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_focused()
    page.keyboard.press("Home")
    expect(first).to_be_focused()


def test_tabs_are_changed_by_arrows(page: Page) -> None:
    page.get_by_role("tab", name="Invocations").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Dead letters")).to_be_focused()
    expect(page.locator("#view-letters")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#view-invocations")).to_be_visible()


# Much of all.


def test_with_much_of_all_a_change_touches_only_what_it_is_about(full_page: Page, many: Served) -> None:
    page = full_page
    before = int(page.locator("#invocation-count").inner_text())
    page.get_by_role("tab", name="Log").click()
    page.evaluate(
        """() => {
        window.made = 0;
        const count = (node) => 1 + (node.querySelectorAll?.("*").length ?? 0);
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes) addedNodes.forEach((node) => { window.made += count(node); });
        }).observe(document.querySelector("main"), { childList: true, subtree: true });
        }"""
    )
    many.invoke({"ContactId": "c-without"})
    expect(page.locator("#invocation-count")).to_have_text(str(before + 1))
    assert page.evaluate("window.made") < 200  # of more than 20,000 elements


# A server that is gone.


def test_a_server_that_is_gone_is_said_to_be_and_what_is_shown_is_dimmed_and_dated(
    page: Page, cloud: Served, observed: Observed
) -> None:
    observed.expect("Failed to load resource")
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#messages li")).to_have_count(1)
    page.context.set_offline(True)
    cloud.invoke({"ContactId": "c-without"})  # ends a wait that is under way: a browser that goes offline does not
    page.get_by_role("button", name="Next day").click()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("button", name="Invoke", exact=True).click()
    expect(page.locator("#fault-form .error")).to_contain_text("does not answer")
    expect(page.locator("#reply")).to_contain_text("Not invoked")
    expect(page.locator("#lost")).to_contain_text("does not answer since")
    expect(page.locator(".runs")).to_have_css("opacity", "0.55")
    expect(toasts(page)).to_contain_text(["does not answer"])
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("#lost")).to_be_hidden()
    expect(toasts(page)).to_have_count(0)  # what was said of it is out of date
    expect(page.locator("#fault-form .error")).to_be_hidden()
    expect(page.locator("#reply")).to_contain_text("What the function answers is shown here.")
    expect(page.locator("#messages li")).to_have_count(1)


def test_an_act_that_fails_says_so_for_all_to_see(page: Page, observed: Observed) -> None:
    observed.expect("Failed to load resource")
    fail_for_good(page)
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#messages li")).to_have_count(1)
    switch_on(page)
    opened_timeline(page, 1)
    page.context.set_offline(True)
    failure = toasts(page).filter(has_text="The server does not answer.")
    for act in (
        *(
            "Run now",
            "Next day",
            "Clear all",
            "Forget all",
            "Verify the number of",
            "Write an event for",
            "Delete",
        ),
        *("Replay", "Copy as curl", "Send dead letter 1 back", "Discard dead letter 1", "Export dead letter 1"),
    ):
        page.get_by_role("button", name=act, exact=act == "Replay").click()
        expect(failure).to_be_visible()
        failure.get_by_role("button").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_role("button", name="Reset everything").click()
    expect(failure).to_be_visible()


def test_the_last_success_takes_the_place_of_the_one_before(page: Page) -> None:
    page.get_by_role("button", name="Next day").click()
    expect(toasts(page)).to_contain_text(["For the directory it is"])
    page.get_by_role("button", name="Run now").click()
    expect(toasts(page)).to_contain_text(["Sweep finished"])


def test_what_cannot_be_copied_is_said_to_be(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.get_by_role("button", name="Addresses").click()
    page.get_by_role("button", name="Copy the URL of HTTP trigger").click()
    expect(toasts(page)).to_contain_text("does not let this page copy")


def test_the_addresses_are_in_a_drop_down(page: Page, cloud: Served) -> None:
    expect(page.get_by_text(cloud.endpoints["http_trigger"])).to_be_hidden()
    page.get_by_role("button", name="Addresses").click()
    for url in cloud.endpoints.values():
        expect(page.get_by_text(url, exact=True)).to_be_in_viewport(ratio=1)
    expect(page.locator("#endpoints dt")).to_have_text(
        ["HTTP trigger", "API gateway", "Invoke API", "Resource Directory", "Cloud-native gateway"]
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the URL of Invoke API").click()
    expect(toasts(page)).to_contain_text("Copied the URL of Invoke API")
    assert page.evaluate("navigator.clipboard.readText()") == cloud.endpoints["invoke_api"]
    page.keyboard.press("Escape")
    expect(page.get_by_text(cloud.endpoints["http_trigger"])).to_be_hidden()


def test_without_scripts_the_page_says_that_it_needs_them(browser: Browser, cloud: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(cloud.url(""))
    expect(page.locator("noscript .notice")).to_be_visible()
    expect(page.locator("#connection")).to_be_hidden()
    context.close()


# What it is made of.


def test_the_page_may_run_and_load_only_its_own(cloud: Served, page: Page) -> None:
    with urlopen(cloud.url(""), timeout=10) as answer:  # noqa: S310 -- a URL of this test's own
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
    assert "unsafe" not in policy
    assert page.locator("script:not([src]), style, [onclick]").count() == 0
