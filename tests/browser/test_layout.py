"""How the page looks in a real browser, at every width, in both colour schemes: by rules, not by taste."""

import json
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.actions import (
    CONTACT_ID,
    OTHER_ID,
    OTHER_NUMBER,
    add_contact,
    fail_for_good,
    invoke,
    opened_timeline,
    request_for,
    rows,
    switch_on,
)
from tests.clouds import Served

pytestmark = pytest.mark.xdist_group("browser")

MEASURE = Path(__file__).with_name("measure_layout.js").read_text()


def test_the_rules_of_axe_find_nothing(page: Page) -> None:
    """In the dark scheme only the colours are other ones."""
    fail_for_good(page)
    invoke(page, request_for("c-unknown"))
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#messages li")).to_have_count(1)
    switch_on(page)
    page.emulate_media(reduced_motion="reduce")
    opened_timeline(page, 2)
    page.get_by_role("tab", name="Dead letters").click()
    page.get_by_role("button", name="Look into").click()
    expect(page.locator("#letters pre")).to_be_visible()
    for view, part in (("Invocations", None), ("Dead letters", "#view-letters"), ("Log", "#view-log")):
        page.get_by_role("tab", name=view).click()
        page.emulate_media(color_scheme="light")
        found = Axe().run(page, context=part)
        assert found.violations_count == 0, found.generate_report()
        page.emulate_media(color_scheme="dark")
        found = Axe().run(page, context=part, options={"runOnly": ["color-contrast"]})
        assert found.violations_count == 0, found.generate_report()


def test_a_control_that_is_busy_can_be_read(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.locator("button:visible").evaluate_all("(all) => all.forEach((one) => one.setAttribute('aria-busy', 'true'))")
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def full(page: Page, cloud: Served) -> Page:
    """Return the page with something of all that it can show."""
    add_contact(page, OTHER_ID, OTHER_NUMBER)
    fail_for_good(page)
    cloud.invoke([json.loads(request_for(CONTACT_ID)), json.loads(request_for("c-unknown"))])
    cloud.do("tick")
    invoke(page, request_for(CONTACT_ID))
    expect(page.locator("#reply")).to_contain_text("succeeded")
    switch_on(page)
    expect(rows(page)).to_have_count(4)
    opened_timeline(page, 3)
    return page


def test_nothing_overlaps_breaks_or_leaves_the_page_at_any_width(full: Page) -> None:
    """Nor where text is of twice the size, which leaves as much room as half the width does."""
    found: dict[str, list[str]] = {}
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        full.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in range(320, 1601, 20):
            full.set_viewport_size({"width": width, "height": 900})
            found[f"{scheme}, {width} px"] = full.evaluate(MEASURE)
    full.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (640, 768, 1024, 1366, 1600):
        full.set_viewport_size({"width": width, "height": 900})
        found[f"200 %, {width} px"] = full.evaluate(MEASURE)
    assert {where: problems for where, problems in found.items() if problems} == {}
