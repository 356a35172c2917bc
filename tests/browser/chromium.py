"""The browser that the console is tried in: a Chromium of this machine, which calls nobody by itself."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


class NoChromium(Exception):
    """None is installed."""


def find_chromium() -> str:
    """Return where it is.

    Raises:
        NoChromium: none of its names is in the PATH.

    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoChromium(f"none of {', '.join(NAMES)} is in the PATH; on Debian: apt-get install chromium")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run it without a window.

    Raises:
        NoChromium: there is none.

    """
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
