"""Makes the pictures of the console in the README: `make screenshots`."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.chromium import running_browser
from tests.clouds import Served, serving

FOLDER = Path(__file__).parents[2] / "docs"
PORT = 9000
"""As by default, so that a picture shows the URLs that its readers will see."""

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PATIENCE_MS = 20_000
_SIZE: ViewportSize = {"width": 1400, "height": 700}

# Whenever the picture is made, it shows one second after another; and the timer's next run as by default.
_SET_TIMES = """() => {
  const shown = [...document.querySelectorAll("time")];
  const moments = [...new Set(shown.map((one) => one.textContent))].sort();
  for (const one of shown) {
    one.textContent = `08:30:${String(5 + moments.indexOf(one.textContent)).padStart(2, "0")}`;
  }
  const run = document.getElementById("next-run");
  const inPicture = run.cloneNode();  // the page goes on writing into the original
  inPicture.textContent = "at 09:00, in 30 min";
  inPicture.removeAttribute("id");
  run.before(inPicture);
  run.hidden = true;
}"""


def main() -> None:
    """Make a picture in each colour scheme.

    Raises:
        NoChromium: no browser is installed.
        OSError: a port of `fcapi serve` is in use.

    """
    expect.set_options(timeout=_PATIENCE_MS)
    for scheme in _SCHEMES:
        with running_browser() as browser, serving(port=PORT) as cloud:
            _shoot(browser, cloud, scheme)


def _shoot(browser: Browser, cloud: Served, scheme: Literal["light", "dark"]) -> None:
    page = browser.new_page(viewport=_SIZE, color_scheme=scheme, timezone_id="UTC", locale="en-GB")
    page.goto(cloud.url(""))
    expect(page.locator("#editor")).not_to_have_value("")
    _tell_a_story(page)
    page.evaluate(_SET_TIMES)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"console-{scheme}.png", animations="disabled")
    page.close()


def _tell_a_story(page: Page) -> None:
    """Have something of everything: texts, a refusal, a dead letter, a fault, a verified contact."""
    _send(page, "direct_list.json", "Wait for the reply")
    expect(page.locator("#texts li")).to_have_count(1)
    page.locator("#contacts").get_by_role("button", name="Verify").click()
    expect(page.locator("#contacts")).to_contain_text("✓ verified")
    page.get_by_text("Add a contact").click()
    page.locator("#contact-number").fill("86-13900005678")
    page.locator("#contact-id").fill("c-Yk3mNwQ8rT5vX2zB")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#contacts tr")).to_have_count(2)
    page.get_by_text("Add a contact").click()
    _send(page, "direct.json", "Nobody waits")  # the number is verified by now, and was texted a moment ago
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#texts li")).to_have_count(2)
    page.get_by_label("What the API does").select_option(label="No permission (403)")
    page.get_by_label("Answers hit").fill("3")
    page.get_by_role("button", name="Switch on").click()
    page.locator("#contacts tr", has_text="c-Yk3mNwQ8rT5vX2zB").get_by_role("button", name="Write an event").click()
    page.get_by_label("Nobody waits").check()
    page.get_by_role("button", name="Invoke", exact=True).click()
    expect(page.locator("#letters > li")).to_have_count(1)
    page.get_by_label("Answers hit").fill("20")
    page.get_by_role("button", name="Switch on").click()
    expect(page.locator("#faults li")).to_have_count(1)
    _send(page, "http.json", "Wait for the reply")
    expect(page.locator("#reply")).to_contain_text("HTTP")


def _send(page: Page, sample: str, kind: str) -> None:
    page.get_by_label("Sample").select_option(sample)
    page.get_by_label(kind).check()
    page.get_by_role("button", name="Invoke", exact=True).click()


if __name__ == "__main__":
    main()
