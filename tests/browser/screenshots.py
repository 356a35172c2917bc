"""Makes the pictures of the console in the README, two screenshots and a recording: `make screenshots`."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.actions import (
    OTHER_ID,
    OTHER_NUMBER,
    add_contact,
    invoke,
    opened_timeline,
    request_for,
    rows,
    switch_on,
)
from tests.browser.chromium import running_browser
from tests.browser.recording import Recording
from tests.clouds import Served, serving

FOLDER = Path(__file__).parents[2] / "docs"
PORT = 9000
"""As by default, so that a picture shows the URLs that its readers will see."""

MAX_RECORDING_BYTES = 2_000_000

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PATIENCE_MS = 20_000
_SIZE: ViewportSize = {"width": 1366, "height": 768}
_LARGER_SIZE: ViewportSize = {"width": 1440, "height": 900}

# No message lies above what is shown. Whenever a picture is made, it shows one second after another, and the same run.
_TIDY = """() => {
  document.getElementById("toasts").replaceChildren();
  const shown = [...document.querySelectorAll("time")];
  const moments = [...new Set(shown.map((one) => one.dateTime.slice(0, 19)))].sort();
  for (const one of shown) {
    one.textContent = `08:30:${String(5 + moments.indexOf(one.dateTime.slice(0, 19))).padStart(2, "0")}`;
  }
  document.getElementById("next-run").textContent = "09:00 UTC, in 30 min";
}"""


def main() -> None:
    """Make a picture in each colour scheme, and the recording.

    Raises:
        NoChromium: no browser is installed.
        OSError: a port of `fcapi serve` is in use.

    """
    expect.set_options(timeout=_PATIENCE_MS)
    with running_browser() as browser:
        for scheme in _SCHEMES:
            with serving(port=PORT) as cloud:
                _shoot(browser, cloud, scheme)
        with serving(port=PORT) as cloud:
            _record(browser, cloud)


def _open(browser: Browser, cloud: Served, scheme: Literal["light", "dark"]) -> Page:
    page = browser.new_page(
        viewport=_SIZE, color_scheme=scheme, reduced_motion="reduce", timezone_id="UTC", locale="en-GB"
    )
    page.goto(cloud.url(""))
    expect(page.locator("#editor")).not_to_have_value("")
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("#first-steps")).to_be_visible()
    return page


def _shoot(browser: Browser, cloud: Served, scheme: Literal["light", "dark"]) -> None:
    """Show an event that failed, tried three times, and was sent back; and something of everything around it."""
    page = _open(browser, cloud, scheme)
    invoke(page)
    expect(page.locator("#messages li")).to_have_count(1)
    page.locator("#contacts").get_by_role("button", name="Verify").click()
    expect(page.locator("#contacts")).to_contain_text("verified")
    invoke(page, request_for("c-Left0ThePlatform1"))
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    page.get_by_text("Add a contact").click()
    switch_on(page, "Connection closed, text sent", times=1)
    page.locator("#contacts").get_by_role("button", name=f"Write an event for {OTHER_ID}").click()
    invoke(page)
    expect(page.locator("#reply")).to_contain_text("502")
    page.get_by_role("button", name="New contact", exact=True).click()
    expect(page.locator("#contacts > li")).to_have_count(3)
    switch_on(page, times=3)
    invoke(page, kind="Asynchronous")
    expect(page.locator("#letter-count")).to_have_text("1")
    page.get_by_role("tab", name="Dead letters").click()
    page.get_by_role("button", name="Send dead letter 1 back").click()
    expect(rows(page).first).to_contain_text("sent")
    page.get_by_role("button", name="Run now").click()
    expect(rows(page).first).to_contain_text("sweep")
    opened_timeline(page, 2)
    page.set_viewport_size(_LARGER_SIZE)
    _take(page, FOLDER / f"console-{scheme}.png")
    page.close()


def _take(page: Page, path: Path) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("document.querySelector('.directory').scrollTo(0, 0)")
    page.evaluate(_TIDY)
    page.mouse.move(0, 0)
    page.screenshot(path=path, animations="disabled")


def _record(browser: Browser, cloud: Served) -> None:
    """Record what the first steps say: a text, a fault, why a contact got none, and how that is healed."""
    page = _open(browser, cloud, "light")
    recording = Recording(page, _TIDY)
    recording.show("1. Send a text: invoke with a sample")
    recording.click(page.get_by_role("button", name="Invoke", exact=True))
    expect(page.locator("#messages li")).to_have_count(1)
    recording.show()
    recording.caption = "2. Make the API fail, and invoke for a new contact, asynchronously"
    recording.click(page.get_by_role("button", name="Switch on"))
    expect(page.locator("#fault-alarm")).to_be_visible()
    recording.click(page.get_by_role("button", name="New contact", exact=True))
    expect(page.locator("#contacts > li")).to_have_count(2)
    recording.click(page.get_by_label("Asynchronous"))
    recording.click(page.get_by_role("button", name="Invoke", exact=True))
    expect(page.locator("#reply")).to_contain_text("It ended as dead letter 1.")
    recording.show()
    recording.caption = "3. Why did this contact get none? Its last invocation says so, try by try"
    recording.click(page.locator("#contacts").get_by_role("button", name="Last: failed"))
    expect(rows(page).first.locator(".timeline")).to_be_visible()
    recording.show()
    recording.caption = "4. Heal it: clear the fault, send the dead letter back"
    recording.click(page.get_by_role("button", name="Clear all"))
    expect(page.locator("#fault-alarm")).to_be_hidden()
    recording.click(page.get_by_role("button", name="Send dead letter 1 back"))
    expect(page.locator("#messages li")).to_have_count(2)
    expect(rows(page).first.locator(".timeline")).to_contain_text("Text to")
    recording.show("4. Healed: the text arrives, and both invocations know of each other")
    recording.show()
    path = FOLDER / "console.gif"
    recording.save(path)
    assert path.stat().st_size <= MAX_RECORDING_BYTES, path.stat().st_size
    page.close()


if __name__ == "__main__":
    main()
