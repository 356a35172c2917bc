"""The event in a real browser: it is chosen, written, checked and sent, and what comes back is shown."""

import json

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.actions import (
    CONTACT_ID,
    MASKED,
    OTHER_ID,
    OTHER_NUMBER,
    invoke,
    request_for,
    rows,
    switch_on,
)
from tests.clouds import RESEND, SEND, Served

pytestmark = pytest.mark.xdist_group("browser")
"""All on one worker: one browser serves them."""


def test_a_sample_is_sent_and_its_text_arrives(page: Page) -> None:
    page.get_by_label("Sample").select_option("http.json")
    invoke(page)

    reply = page.locator("#reply")
    expect(reply).to_contain_text("HTTP 200")
    expect(reply.locator("dt", has_text="RequestId")).to_be_visible()
    expect(page.locator("#messages li")).to_contain_text("https://verification.example.com/verify?code=")
    expect(rows(page)).to_contain_text(MASKED)
    expect(page.locator("#limit-text")).to_have_text("1 of 100 texts today")


def test_the_first_view_has_all_that_a_first_invocation_needs(page: Page) -> None:
    sizes: list[ViewportSize] = [{"width": 1440, "height": 900}, {"width": 1366, "height": 768}]
    for size in sizes:
        page.set_viewport_size(size)
        for id_ in ("sample", "function", "editor", "invoke", "reply", "first-steps", "inbox-heading", "fault-kind"):
            expect(page.locator(f"#{id_}")).to_be_in_viewport(ratio=1)
    before = page.locator("#invoke").bounding_box()
    invoke(page)
    expect(page.locator("#reply")).to_contain_text("HTTP 200")
    expect(page.locator("#reply pre").first).to_be_in_viewport()
    assert page.locator("#invoke").bounding_box() == before  # it does not move away under the pointer


def test_each_function_that_is_served_can_be_chosen_and_has_a_sample_of_its_own(page: Page, cloud: Served) -> None:
    names = [function["Name"] for function in cloud.see("state")["Functions"]]
    assert page.locator("#function option").all_inner_texts() == names
    expect(page.get_by_label("Function")).to_have_value(SEND)
    expect(page.get_by_label("Sample")).to_have_value("http.json")
    page.get_by_label("Function").select_option(RESEND)
    expect(page.get_by_label("Sample")).to_have_value("sweep.json")
    page.get_by_label("Sample").select_option("timer.json")  # whose payload is a request
    expect(page.get_by_label("Function")).to_have_value(SEND)


def test_a_draft_outlives_the_choice_of_a_sample(page: Page) -> None:
    page.locator("#editor").fill('{"mine": 1}')
    expect(page.get_by_label("Sample")).to_have_value("")
    page.get_by_label("Sample").select_option("kafka.json")
    page.get_by_label("Sample").select_option("")
    expect(page.locator("#editor")).to_have_value('{"mine": 1}')


def test_an_event_for_a_contact_is_that_of_the_chosen_sample(page: Page) -> None:
    page.get_by_label("Sample").select_option("smq_queue.json")  # whose request is in base64
    page.get_by_role("button", name="New contact", exact=True).click()
    expect(page.locator("#contacts > li")).to_have_count(2)
    expect(page.get_by_label("Sample")).to_have_value("smq_queue.json")
    invoke(page)
    expect(rows(page)).to_contain_text("smq_queue")
    new_id = page.locator("#contacts > li").last.locator(".id").inner_text()
    expect(page.locator("#messages li")).to_contain_text(new_id)


def test_the_editor_numbers_its_lines_and_colours_json(page: Page) -> None:
    page.locator("#editor").fill('{"a": [1, true],\n"b": "c"}')
    expect(page.locator("#gutter li")).to_have_text(["1", "2"])
    colours = {kind: page.locator(f"#paint .{kind}").all_inner_texts() for kind in ("j-name", "j-text", "j-number")}
    assert colours == {"j-name": ['"a"', '"b"'], "j-text": ['"c"'], "j-number": ["1"]}
    page.get_by_role("button", name="Format").click()
    expect(page.locator("#editor")).to_have_value(json.dumps({"a": [1, True], "b": "c"}, indent=2))
    expect(page.locator("#gutter li")).to_have_count(7)


def test_what_is_no_json_is_said_where_it_breaks(page: Page) -> None:
    ask = "async (text) => (await import('/_console/json_check.js')).faultOf(text)"
    for broken, line, says in (
        ('{\n  "a": 1\n  "b": 2\n}', 2, "a comma or } is missing"),
        ('{\n  "a": 1,\n}', 2, "a comma too many before }"),
        ("{\n  'a': 1\n}", 2, "a name in double quotes is missing"),
        ('{\n  "a": tru\n}', 2, "a value is missing"),
        ('{\n  "a" 1\n}', 2, "a colon is missing"),
        ('{\n  "a": "x\n}', 2, "a text is never closed"),
        ('{\n  "a": "\\x"\n}', 2, "an escape or a control character"),
        ("[1,\n2]\n3", 3, "more after the end"),
        ('{\n"a": [\n1', 2, "this [ is never closed"),
        ("", 1, "a value is missing at the end"),
        ("[" * 100_000, 1, "not JSON"),
    ):
        fault = page.evaluate(ask, broken)
        assert fault["line"] == line, broken[:40]
        assert says in fault["message"]
    assert page.evaluate(ask, '{"a": [1, -2.5e3, true, null, "\\u00e4"]}') is None


def test_what_is_no_json_is_not_sent_unless_it_is_meant(page: Page) -> None:
    invoke(page, '{\n  "a": 1\n  "b": 2\n}')
    expect(page.locator("#editor-error")).to_have_text("Line 2: a comma or } is missing.")
    expect(page.locator("#gutter .wrong")).to_have_text("2")
    expect(page.locator("#editor")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#editor")).to_be_focused()
    expect(rows(page)).to_have_count(0)

    page.get_by_role("button", name="Send it as it is").click()
    expect(page.locator("#reply")).to_contain_text("UnrecognizedEvent")
    expect(page.locator("#editor-error")).to_be_hidden()


def test_an_error_says_its_code(page: Page) -> None:
    invoke(page, request_for("c-unknown"))
    expect(page.locator("#reply")).to_contain_text("The function failed")
    expect(page.locator("#reply")).to_contain_text("EntityNotExists.Contact")
    expect(rows(page)).to_contain_text("rejected")


def test_while_it_runs_the_last_reply_is_gone_and_that_it_runs_is_shown(page: Page) -> None:
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#reply")).to_contain_text("succeeded")
    page.get_by_label("What the API does").select_option(label="Slow")
    page.get_by_label("Seconds").fill("1.5")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults li")).to_have_count(1)
    page.get_by_role("button", name="Invoke", exact=True).click()
    expect(page.locator("#reply .badge")).to_have_text("…running")
    expect(page.locator("#reply")).not_to_contain_text("succeeded")
    expect(rows(page).first).to_contain_text("running")
    expect(page.locator("#reply")).to_contain_text("succeeded")


def test_nobody_waits_is_the_asynchronous_request_that_it_says_even_for_a_request_over_http(page: Page) -> None:
    switch_on(page)
    page.get_by_label("Asynchronous").check()
    expect(page.locator("#kind-hint")).to_contain_text("X-Fc-Invocation-Type: Async")
    page.get_by_role("button", name="Invoke", exact=True).click()
    reply = page.locator("#reply")
    expect(reply).to_contain_text("failed after 3 tries")
    expect(reply).to_contain_text("the API refused the function")
    reply.get_by_role("button", name="dead letter").click()
    expect(page.locator("#letters > li")).to_contain_text(MASKED)
    expect(page.locator("#letters > li button").first).to_be_focused()


def test_a_gateways_request_is_said_to_be_answered_all_the_same(page: Page) -> None:
    page.get_by_label("Sample").select_option("api_gateway.json")
    page.get_by_label("Asynchronous").check()
    expect(page.locator("#kind-hint")).to_contain_text("A gateway always waits")


def test_a_repeated_request_is_explained_and_a_new_contact_offered(new_page: Page) -> None:
    invoke(new_page)
    expect(new_page.locator("#reply")).to_contain_text("HTTP 200")
    expect(new_page.locator("#messages li")).to_have_count(1)
    invoke(new_page)
    expect(new_page.locator("#reply")).to_contain_text("within the window. Nothing was sent.")
    new_page.get_by_role("button", name="Use a new contact").click()
    expect(new_page.locator("#contacts > li")).to_have_count(2)
    invoke(new_page)
    expect(new_page.locator("#messages li")).to_have_count(2)


def test_the_first_steps_are_shown_until_they_are_done(page: Page) -> None:
    steps = page.locator("#first-steps li")
    expect(steps).to_have_count(3)
    invoke(page)
    expect(page.locator("#first-steps .done")).to_have_count(1)
    switch_on(page)
    steps.nth(1).get_by_role("button", name="a new contact").click()
    expect(page.locator("#contacts > li")).to_have_count(2)
    invoke(page, kind="Asynchronous")
    expect(page.locator("#first-steps .done")).to_have_count(2)
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#faults li")).to_have_count(0)
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#first-steps")).to_be_hidden()


def test_a_link_of_the_first_steps_shows_what_it_names(page: Page) -> None:
    steps = page.locator("#first-steps")
    steps.get_by_role("button", name="Switch a fault on").click()
    expect(page.locator("#faults-heading")).to_be_focused()
    expect(page.locator("section.pointed-at h2")).to_contain_text("Make the API fail")
    steps.get_by_role("button", name="run the sweep").click()
    expect(page.locator("#run-now")).to_be_focused()
    steps.get_by_role("button", name="dead letters").click()
    expect(page.locator("#view-letters")).to_be_visible()


def test_several_requests_in_one_event_are_told_apart(page: Page, cloud: Served) -> None:
    cloud.invoke([json.loads(request_for(CONTACT_ID)), json.loads(request_for(OTHER_ID, OTHER_NUMBER))])
    row = rows(page).first
    expect(row).to_contain_text("1 sent")
    expect(row).to_contain_text("1 rejected")
    expect(row).to_contain_text("2 requests")
    expect(row).to_contain_text("of 2 contacts")
