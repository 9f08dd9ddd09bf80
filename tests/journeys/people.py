"""The people of the journeys and what they do in a browser."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize

from plenum.site.demo.load import PASSWORD

PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=900)
A4 = ViewportSize(width=673, height=987)
"""What the margins leave of a sheet."""


@dataclass(frozen=True)
class People:
    """Opens a browser session of its own for each person."""

    browser: Browser
    address: str

    def sign_in(
        self, login: str, *, screen: ViewportSize = DESK, javascript: bool = True, language: str = ""
    ) -> Page:
        """The first page after signing in, in a session of its own; in the language of the account if none is named."""
        session = self.browser.new_context(
            base_url=self.address, viewport=screen, locale="en-GB", java_script_enabled=javascript
        )
        session.set_default_timeout(15_000)
        if language:
            session.add_cookies([{"name": "plenum_language", "value": language, "url": self.address}])
        page = session.new_page()
        page.goto("/")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button")
        return page


def whole_number(text: str) -> int:
    """The number in a text as pages write it, whatever separates its thousands."""
    found = re.search(r"\d[\d.,\s\u00a0\u202f]*", text)
    assert found, text
    return int(re.sub(r"\D", "", found[0]))


def figure_of(page: Page, unit: str, indicator: str, query: str) -> int:
    """The count that the page of an indicator shows at its top."""
    page.goto(f"/units/{unit}/indicators/{indicator}/?{query}")
    return whole_number(page.locator(".say strong").first.inner_text())


def is_within(page: Page) -> bool:
    """Whether nothing sticks out sideways, once all is there: after a click the next page may have only begun."""
    page.wait_for_load_state()
    measure = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(measure))


Today = Callable[[str], None]
