"""A browser, what is served, and a page that is watched for errors and for requests that leave the origin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.chromium import NoChromium, find_chromium, running_browser
from tests.clouds import Served, serving

_PATIENCE_MS = 15_000
"""How long a page may take to show what it should: machines that run tests are busy."""


@dataclass(slots=True)
class Observed:
    """What a page did that it should not have done: reported when its test ends, unless the test expects it."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, text: str) -> None:
        """Pass over problems with this text in them."""
        self.expected.append(text)

    def unexpected(self) -> list[str]:
        """Return all other problems."""
        return [problem for problem in self.problems if not any(text in problem for text in self.expected)]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        find_chromium()
    except NoChromium as error:
        pytest.skip(f"no browser: {error}")
    expect.set_options(timeout=_PATIENCE_MS)
    with running_browser() as running:
        yield running


@pytest.fixture
def cloud() -> Iterator[Served]:
    with serving() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(timezone_id="UTC", locale="en-GB")
    context.set_default_timeout(_PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def open_console(context: BrowserContext, observed: Observed, cloud: Served) -> Iterator[Callable[[], Page]]:
    """Return what opens the console, in a page that fails the test on an error or on a request to another origin."""
    yield lambda: _open(context, observed, cloud.url(""))
    context.close()
    assert observed.unexpected() == []


@pytest.fixture
def page(open_console: Callable[[], Page]) -> Page:
    return open_console()


def _open(context: BrowserContext, observed: Observed, url: str) -> Page:
    page = context.new_page()
    origin = urlsplit(url).netloc

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            observed.problems.append(said.text)

    def follow(asked: Request) -> None:
        if _leaves(asked.url, origin):
            observed.problems.append(f"left the origin: {asked.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: observed.problems.append(str(error)))
    page.on("request", follow)
    page.goto(url)
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("#editor")).not_to_have_value("")
    return page


def _leaves(url: str, origin: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme != "data" and parts.netloc != origin
