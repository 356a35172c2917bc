"""The invocations in a real browser: the list, what it is narrowed to, each one's timeline, and how to do it again."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actions import (
    CONTACT_ID,
    MASKED,
    OTHER_ID,
    OTHER_NUMBER,
    PHONE_NUMBER,
    add_contact,
    fail_for_good,
    invoke,
    opened_timeline,
    request_for,
    rows,
    switch_on,
    toasts,
)
from tests.clouds import RESEND, SEND, Served
from tests.e2e.test_cli import FCAPI, ROOT

pytestmark = pytest.mark.xdist_group("browser")


def three_invocations(page: Page, cloud: Served) -> None:
    """Have one that sends, one that is rejected, and a sweep."""
    cloud.invoke(json.loads(request_for(CONTACT_ID)))
    cloud.invoke((ROOT / "events" / "http.json").read_text().replace(CONTACT_ID, OTHER_ID))
    assert json.loads(cloud.do("tick").json()["Payload"])["Sent"] == 1
    expect(rows(page)).to_have_count(3)


def test_the_newest_comes_first_and_says_all_of_itself_at_a_glance(page: Page, cloud: Served) -> None:
    three_invocations(page, cloud)
    newest, rejected, sent = (rows(page).nth(place) for place in range(3))
    for text in ("sent", CONTACT_ID, MASKED, "direct", SEND, "1 try"):
        expect(sent).to_contain_text(text)
    expect(sent.locator(".r-ms")).to_have_text(re.compile(r"^[0-9.]+ m?s$"))
    expect(sent.locator("time")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    for text in ("rejected", OTHER_ID, "http"):
        expect(rejected).to_contain_text(text)
    for text in ("sweep", "1 sent", "timer, async", RESEND):
        expect(newest).to_contain_text(text)


def test_what_one_page_does_another_shows_by_itself(page: Page, second_page: Page) -> None:
    invoke(second_page, request_for(CONTACT_ID))
    page.bring_to_front()
    expect(page.locator("#messages li")).to_have_count(1)
    expect(rows(page)).to_have_count(1)


def test_a_search_narrows_it_and_is_in_the_address_but_for_whole_numbers(page: Page, cloud: Served) -> None:
    three_invocations(page, cloud)
    page.keyboard.press("/")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.keyboard.type("Rejected")
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#invocation-count")).to_have_text("1 of 3")
    assert page.url.endswith("?q=Rejected")

    page.get_by_label("Search", exact=True).fill(PHONE_NUMBER)
    expect(rows(page)).to_have_count(3)
    assert PHONE_NUMBER not in page.url
    page.get_by_label("Search", exact=True).fill(f"{PHONE_NUMBER.partition('-')[2]} {CONTACT_ID.lower()}")
    expect(rows(page)).to_have_count(2)
    page.reload()
    expect(rows(page)).to_have_count(2)

    page.get_by_label("Search", exact=True).fill("nothing of the kind")
    page.get_by_role("button", name="Show all").click()
    expect(rows(page)).to_have_count(3)


def test_chips_narrow_it_by_outcome_trigger_and_function(page: Page, cloud: Served) -> None:
    three_invocations(page, cloud)
    chips = page.get_by_role("group", name="Show only the invocations with")
    chips.get_by_role("button", name="rejected 1").click()
    expect(rows(page)).to_have_count(1)
    assert page.url.endswith("?outcome=rejected")
    chips.get_by_role("button", name="sent 2").click()
    expect(rows(page)).to_have_count(3)
    chips.get_by_role("button", name=f"{RESEND} 1").click()
    expect(rows(page)).to_have_count(1)
    page.reload()
    expect(rows(page)).to_have_count(1)
    expect(chips.get_by_role("button", pressed=True)).to_have_count(3)


def test_an_event_that_fails_is_told_try_by_try_to_its_end_and_beyond(page: Page) -> None:
    fail_for_good(page)
    timeline = opened_timeline(page)
    moments = timeline.locator("strong")
    expect(moments).to_have_text(
        ["Accepted", "Try 1 of 3: failed", "Try 2 of 3: failed", "Try 3 of 3: failed", "Dead letter 1"]
    )
    last = timeline.locator("> li").nth(3)
    for text in ("the API refused the function", "FunctionMisconfigured", "NoPermission", "1 call"):
        expect(last).to_contain_text(text)
    expect(timeline).not_to_contain_text("event failed")  # the line that only sums up the others

    timeline.get_by_role("button", name="Send dead letter 1 back").click()
    second = rows(page).first.locator(".timeline")
    expect(second).to_contain_text("The dead letter of another invocation, sent back")
    expect(second.locator("strong")).to_have_text(["Accepted", "Try 1 of 3: done", f"Text to {MASKED}"])
    second.get_by_role("button", name=re.compile("^1-")).click()
    expect(rows(page).nth(1).locator(".timeline strong").last).to_have_text("Sent back")
    rows(page).nth(1).get_by_role("button", name=re.compile("^1-")).click()
    expect(second).to_be_visible()


def test_a_text_and_its_invocation_lead_to_each_other_even_where_the_answer_was_lost(page: Page) -> None:
    switch_on(page, "Connection closed, text sent", times=1)
    invoke(page, request_for(CONTACT_ID))
    expect(rows(page)).to_contain_text("unknown")
    expect(page.locator("#messages li")).to_have_count(1)
    page.locator("#messages").get_by_role("button", name="Timeline").click()
    timeline = rows(page).locator(".timeline")
    expect(timeline).to_contain_text("a text may have gone out")
    expect(timeline).to_contain_text(f"Text to {MASKED}")
    timeline.get_by_role("button", name="In the inbox").click()
    expect(page.locator("#messages li")).to_have_class(re.compile("pointed-at"))


def test_a_contact_that_got_none_leads_to_the_invocation_that_says_why(page: Page) -> None:
    switch_on(page, "Daily limit reached (409)")
    invoke(page, request_for(CONTACT_ID))
    page.get_by_role("button", name=f"Last: failed. Open the last invocation about {CONTACT_ID}").click()
    expect(rows(page).locator(".timeline")).to_contain_text("the account has sent its texts of the day")


def test_the_invocations_about_one_contact_are_shown_alone(page: Page) -> None:
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    invoke(page, f"[{request_for(CONTACT_ID)}, {request_for(OTHER_ID, OTHER_NUMBER)}]")
    expect(rows(page)).to_contain_text("2 sent")
    invoke(page, request_for(CONTACT_ID))
    expect(rows(page)).to_have_count(2)
    page.locator("#contacts").get_by_role("button", name=f"Invocations about {OTHER_ID}").click()
    expect(rows(page)).to_have_count(1)


def test_an_invocation_that_goes_on_while_it_is_open_tells_on(page: Page) -> None:
    page.get_by_label("What the API does").select_option(label="Slow")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults li")).to_have_count(1)
    invoke(page, request_for(CONTACT_ID), "Asynchronous")
    timeline = opened_timeline(page)
    expect(timeline.locator("strong").nth(1)).to_have_text("Try 1 of 3: running")
    expect(timeline.locator("strong").nth(1)).to_have_text("Try 1 of 3: done")
    expect(timeline).to_contain_text(f"Text to {MASKED}")


def test_the_open_one_is_in_the_address_and_back_closes_it(page: Page) -> None:
    invoke(page, request_for(CONTACT_ID))
    opened_timeline(page)
    assert re.search(r"\?open=1-[0-9a-f-]+$", page.url)
    page.reload()
    expect(rows(page).locator(".timeline")).to_be_visible()
    page.get_by_role("tab", name="Log").click()
    expect(page.locator("#log")).to_be_visible()
    page.go_back()
    expect(rows(page).locator(".timeline")).to_be_visible()


def test_one_is_replayed_as_it_was_or_with_another_event(page: Page) -> None:
    invoke(page, request_for(CONTACT_ID))
    opened_timeline(page)
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(rows(page)).to_have_count(2)
    expect(rows(page).first.locator(".timeline")).to_contain_text("A replay of 1-")
    expect(page.locator("#messages li")).to_have_count(2)

    page.get_by_role("button", name="Edit and replay").click()
    expect(page.locator("#editor")).to_be_focused()
    assert json.loads(page.locator("#editor").input_value()) == json.loads(request_for(CONTACT_ID))


@pytest.fixture
def copied(page: Page) -> Callable[[str], str]:
    """Return what copies the open invocation in a way, and gives what was copied."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copy(way: str) -> str:
        page.get_by_role("button", name=f"Copy as {way}").click()
        expect(toasts(page).last).to_contain_text("Copied")
        text: str = page.evaluate("navigator.clipboard.readText()")
        page.get_by_role("button", name="Close this message").last.click()
        return text

    return copy


def run(command: str) -> Any:
    """Run a command in a shell as a user who pastes it, and return the JSON that it prints."""
    environ = {"PATH": f"{FCAPI.parent}:/usr/bin:/bin"}
    ran = subprocess.run(
        ["/bin/bash", "-c", command], capture_output=True, check=True, timeout=60, cwd=ROOT, env=environ
    )
    return json.loads(ran.stdout)


def test_a_copied_command_of_curl_does_the_same(page: Page, cloud: Served, copied: Callable[[str], str]) -> None:
    for place, trigger in enumerate(["http", "api_gateway", "smq_queue"]):
        event = (ROOT / "events" / f"{trigger}.json").read_text()
        cloud.invoke(event.replace("python-requests/2.34.2", "it's $(a) `shell`"))
        expect(rows(page)).to_have_count(2 * place + 1)
        opened_timeline(page)
        assert "RequestId" in run(copied("curl"))
        expect(rows(page)).to_have_count(2 * place + 2)
        expect(rows(page).first).to_contain_text(trigger)
        expect(page.locator("#messages li")).to_have_count(2 * place + 2)
        if trigger == "http":
            newest = cloud.see("invocations")["Invocations"][-1]["RequestId"]
            envelope = json.loads(cloud.see(f"invocations/{newest}/event?unmasked=1")["Event"])
            assert envelope["requestContext"]["http"]["userAgent"] == "it's $(a) `shell`"


def test_a_copied_command_of_fcapi_and_the_event_say_the_same(
    page: Page, cloud: Served, copied: Callable[[str], str]
) -> None:
    event = {"ContactId": CONTACT_ID, "PhoneNumber": PHONE_NUMBER, "Note": "it's; $(here)"}
    cloud.invoke(event, asynchronous=True)
    opened_timeline(page)
    assert run(copied("fcapi"))["Results"][0]["Status"] == "sent"
    assert json.loads(copied("event")) == event


def test_an_event_is_saved_as_a_file_that_fcapi_takes(page: Page, tmp_path: Path) -> None:
    invoke(page, request_for(CONTACT_ID))
    opened_timeline(page)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Save event").click()
    downloading.value.save_as(tmp_path / "event.json")
    assert json.loads((tmp_path / "event.json").read_text()) == json.loads(request_for(CONTACT_ID))


def test_the_last_hour_is_counted_and_drawn(page: Page, cloud: Served) -> None:
    three_invocations(page, cloud)
    counters = page.locator("#counters div")
    expect(counters.filter(has_text="sent")).to_have_text("sent3")  # the timer's run sends a text and a mail
    expect(counters.filter(has_text="rejected")).to_have_text("rejected1")
    expect(page.get_by_role("heading", name="Requests in the last hour")).to_be_visible()
    expect(page.locator("#chart rect.good")).not_to_have_count(0)


def test_requests_and_invocations_are_counted_apart_each_under_its_name(page: Page, cloud: Served) -> None:
    cloud.invoke([json.loads(request_for(CONTACT_ID))] * 2)
    cloud.invoke(json.loads(request_for("c-unknown")))
    expect(page.locator("#counters[aria-labelledby=hour-heading] div").filter(has_text="sent")).to_have_text("sent2")
    chips = page.get_by_role("group", name="Show only the invocations with")
    expect(chips).to_contain_text("Invocations by")
    expect(chips.get_by_role("button", name="sent")).to_have_text("sent 1")


def test_data_is_never_read_as_html(page: Page) -> None:
    event = {"specversion": "1.0", "id": "<img src=x>", "type": "a", "source": "b", "data": {"ContactId": "<b>"}}
    invoke(page, json.dumps(event))
    opened_timeline(page)
    page.get_by_text("All its lines").click()
    page.get_by_role("tab", name="Log").click()
    expect(page.locator("#log li:visible").first).to_be_visible()
    assert page.locator("main img, main b").count() == 0
