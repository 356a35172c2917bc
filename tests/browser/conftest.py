"""A browser, what is served, and a page that is watched for errors and for requests that leave the origin."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, expect

from tests.browser.chromium import NoChromium, find_chromium, running_browser
from tests.clouds import NO_LIMITS, SECONDS, Served, serving

_PATIENCE_MS = 20_000
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


@pytest.fixture(scope="package")
def shared_cloud() -> Iterator[Served]:
    with serving() as running:
        yield running


@pytest.fixture
def cloud(shared_cloud: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Return what is served as at the start, but with running instances, which text a number as often as asked."""
    _set_no_limits(monkeypatch)
    shared_cloud.begin_anew()
    return shared_cloud


@pytest.fixture(scope="package")
def many() -> Iterator[Served]:
    """Serve much of all: 500 contacts, 500 texts, 60 invocations, 1,000 lines of the log that each say something."""
    with serving(daily_limit=10_000) as running:
        with pytest.MonkeyPatch.context() as patch:
            _set_no_limits(patch)
            _fill(running)
        yield running


def _fill(cloud: Served) -> None:
    with requests.Session() as session:  # to connect for each takes three times as long
        for _ in range(499):
            session.post(cloud.url("_emulator/contacts"), json={}, timeout=SECONDS).raise_for_status()
        contacts = session.get(cloud.url("_emulator/contacts"), timeout=SECONDS).json()["Contacts"]
    asked = [{name: contact[name] for name in ("ContactId", "PhoneNumber")} for contact in contacts]
    for start in range(0, 500, 100):
        cloud.invoke(asked[start : start + 100])
        cloud.invoke([{"ContactId": "c-without"}] * 90)
    for _ in range(50):
        cloud.invoke({"ContactId": "c-without"})


@pytest.fixture
def new_cloud() -> Iterator[Served]:
    """Return what is served with everything as by default."""
    with serving() as running:
        yield running


@pytest.fixture(scope="package")
def tab(browser: Browser) -> Iterator[Page]:
    """Give the one tab that all tests use: to start another costs more than most of them."""
    context = browser.new_context(timezone_id="UTC", locale="en-GB")
    context.set_default_timeout(_PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def page(tab: Page, observed: Observed, cloud: Served) -> Iterator[Page]:
    """Open the console; the test fails on an error in the page, and on a request to another origin."""
    with _opened(tab, observed, cloud):
        yield tab


@pytest.fixture
def second_page(page: Page, observed: Observed, cloud: Served) -> Iterator[Page]:
    """Open the console a second time."""
    second = page.context.new_page()
    with _opened(second, observed, cloud):
        yield second
    second.close()


@pytest.fixture
def new_page(tab: Page, observed: Observed, new_cloud: Served) -> Iterator[Page]:
    """Open the console of what is served as by default."""
    with _opened(tab, observed, new_cloud):
        yield tab


@pytest.fixture
def full_page(tab: Page, observed: Observed, many: Served) -> Iterator[Page]:
    """Open the console with much of all in it."""
    with _opened(tab, observed, many):
        expect(tab.locator("#contact-count")).to_have_text("500")
        expect(tab.locator("#message-count")).to_have_text("500")
        expect(tab.locator("#log-count")).to_have_text(re.compile(r"^10\d\d of"))
        yield tab


@contextmanager
def _opened(page: Page, observed: Observed, cloud: Served) -> Iterator[None]:
    """Open the console in a tab as if in a new one, and watch it until it is left."""
    url = cloud.url("")
    origin = urlsplit(url).netloc

    def hear(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            observed.problems.append(said.text)

    def fail(error: Error) -> None:
        observed.problems.append(str(error))

    def follow(asked: Request) -> None:
        if _leaves(asked.url, origin):
            observed.problems.append(f"left the origin: {asked.url}")

    page.goto("about:blank")  # what it showed before asks for nothing any more
    page.unroute_all()
    page.context.set_offline(False)
    page.context.clear_permissions()
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.on("console", hear)
    page.on("pageerror", fail)
    page.on("request", follow)
    page.goto(url)
    expect(page.locator("#connection")).to_have_text("Live")
    expect(page.locator("#editor")).not_to_have_value("")
    yield
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", fail)
    page.remove_listener("request", follow)
    assert observed.unexpected() == []


def _leaves(url: str, origin: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in ("data", "blob") and parts.netloc != origin


def _set_no_limits(patch: pytest.MonkeyPatch) -> None:
    for name, value in NO_LIMITS.items():
        patch.setenv(name, value)
