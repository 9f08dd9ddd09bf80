"""The keys lead to everything on every page, past it, and back to its beginning; a unit is found, a day is chosen."""

from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast
from tests.journeys.everything_shown import everything_shown
from tests.journeys.keyboard import SHOWS_FOCUS
from tests.journeys.people import People
from tests.journeys.test_everything_shown import Window
from tests.journeys.test_keyboard import signed_in
from tests.test_cast_pages import make_samples
from tests.walk import to_walk

TO_REACH = """() => {
  const chosen = new Set();  // Tab stops once in a group of radio buttons
  window.unreached = new Set([...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(e => e.type !== 'hidden' && !e.disabled && e.tabIndex >= 0 && e.checkVisibility())
    .filter(e => e.type !== 'radio' || (!chosen.has(e.name) && chosen.add(e.name))));
  const begins = document.querySelector('.skip') ?? document.body;
  begins.focus();
  window.unreached.delete(begins);
  return window.unreached.size;
}"""
REACHED = f"""() => {{
  const at = document.activeElement;
  window.unreached.delete(at);
  if (at.type === 'radio') for (const e of window.unreached) if (e.name === at.name) window.unreached.delete(e);
  return [({SHOWS_FOCUS})(), window.unreached.size];
}}"""
"""What holds the focus and does not show it, and how much is still to be reached: one question for each key."""
LEFT = "[...window.unreached].map(e => e.outerHTML.slice(0, 160))"
PARTS_OF_A_DATE = 4
"""Tab stops in a field for a date at its day, month, year and calendar."""


def not_reached(page: Page) -> list[str]:
    """What Tab does not lead to, or without showing that it has; also what holds it."""
    faults: list[str] = []
    for _each in range(page.evaluate(TO_REACH) * PARTS_OF_A_DATE):
        page.keyboard.press("Tab")
        unseen, left = page.evaluate(REACHED)
        if unseen:
            faults.append(f"not seen: {unseen}")
        if not left:
            break
    return faults + list(page.evaluate(LEFT))


@pytest.mark.django_db
def test_tab_leads_to_everything_on_every_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, browser: Browser
) -> None:
    cache.clear()
    shown: dict[str, Any] = everything_shown(to_walk(make_samples(cast)), monkeypatch)
    cache.clear()
    window = Window(browser)
    faults = {name: not_reached(window.look_at(answer)) for name, answer in shown.items()}
    window.page.context.close()
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_unit_is_searched_and_looked_at_on_another_day(people: People) -> None:
    officer = signed_in(people, "huyen-tam-duong")
    page = officer.page
    officer.press(page.locator(".doors a[href$='/units/tam-duong/']"))
    page.goto("/units/")
    officer.write(page.locator("input[name=q]"), "Duy Phiên")
    officer.press(page.locator("input[name=q]"))
    officer.press(page.locator("main .list a", has_text="Đảng bộ xã Duy Phiên").first)
    expect(page.locator("h1")).to_contain_text("Duy Phiên")
    officer.reach(page.locator(".lens > summary"))
    page.keyboard.press("Space")
    officer.reach(page.locator("#lens-as-of"))
    page.keyboard.type("12312023")
    officer.press(page.locator(".lens .actions button"))
    assert "as_of=2023-12-31" in page.url
    expect(page.locator(".lens > summary")).to_contain_text("31/12/2023")
