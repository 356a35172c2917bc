"""A browser, what is served, and a page that is watched for errors and for requests that leave the origin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.chromium import NoChromium, find_chromium, running_browser
from tests.clouds import SECONDS, Served, serving

_PATIENCE_MS = 20_000
"""How long a page may take to show what it should: machines that run tests are busy."""

_LIMITS = {
    "HTTP_COOLDOWN_SECONDS": "0",
    "EVENT_COOLDOWN_SECONDS": "0",
    "SWEEP_COOLDOWN_SECONDS": "0",
    "HTTP_SENDS_PER_DAY": "0",
    "MAX_TEXTS_PER_NUMBER": "16",
}


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


@pytest.fixture(scope="package")
def shared_cloud() -> Iterator[Served]:
    with serving() as running:
        yield running


@pytest.fixture
def cloud(shared_cloud: Served, untraced_processes: None, monkeypatch: pytest.MonkeyPatch) -> Served:  # noqa: ARG001
    """Return what is served as at the start, but with running instances, which text a number as often as asked."""
    _set_for_tests(monkeypatch)
    shared_cloud.finish()
    shared_cloud.do("reset", {"KeepInstances": True}).raise_for_status()
    return shared_cloud


@pytest.fixture(scope="package")
def many() -> Iterator[Served]:
    """Serve much of all: 500 contacts, 500 texts, 60 invocations, 1,000 lines of the log that each say something."""
    with serving(daily_limit=10_000) as running:
        with pytest.MonkeyPatch.context() as patch:
            _set_for_tests(patch)
            _fill(running)
        yield running


def _fill(cloud: Served) -> None:
    for _ in range(499):
        requests.post(cloud.url("_emulator/contacts"), json={}, timeout=SECONDS).raise_for_status()
    contacts = requests.get(cloud.url("_emulator/contacts"), timeout=SECONDS).json()["Contacts"]
    asked = [{name: contact[name] for name in ("ContactId", "PhoneNumber")} for contact in contacts]
    for start in range(0, 500, 100):
        cloud.invoke(asked[start : start + 100])
        cloud.invoke([{"ContactId": "c-without"}] * 90)
    for _ in range(50):
        cloud.invoke({"ContactId": "c-without"})


@pytest.fixture
def full_page(context: BrowserContext, observed: Observed, many: Served) -> Iterator[Page]:
    """Return the console with much of all in it."""
    page = opened(context, observed, many.url(""))
    expect(page.locator("#contact-count")).to_have_text("500")
    expect(page.locator("#text-count")).to_have_text("500")
    expect(page.locator("#log-count")).to_contain_text("1000 of")
    yield page
    context.close()
    assert observed.unexpected() == []


@pytest.fixture
def new_cloud(untraced_processes: None) -> Iterator[Served]:  # noqa: ARG001 -- what is served is to be as it is for users
    """Return what is served with everything as by default."""
    with serving() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(timezone_id="UTC", locale="en-GB", viewport={"width": 1366, "height": 768})
    context.set_default_timeout(_PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def open_console(context: BrowserContext, observed: Observed, cloud: Served) -> Iterator[Callable[[], Page]]:
    """Return what opens the console, in a page that fails the test on an error or on a request to another origin."""
    yield lambda: opened(context, observed, cloud.url(""))
    context.close()
    assert observed.unexpected() == []


@pytest.fixture
def page(open_console: Callable[[], Page]) -> Page:
    return open_console()


@pytest.fixture
def new_page(context: BrowserContext, observed: Observed, new_cloud: Served) -> Iterator[Page]:
    """Return the console of what is served as by default."""
    yield opened(context, observed, new_cloud.url(""))
    context.close()
    assert observed.unexpected() == []


def _set_for_tests(patch: pytest.MonkeyPatch) -> None:
    for name, value in _LIMITS.items():
        patch.setenv(name, value)


def opened(context: BrowserContext, observed: Observed, url: str) -> Page:
    """Open the console at a URL, watched."""
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
    return parts.scheme not in ("data", "blob") and parts.netloc != origin
