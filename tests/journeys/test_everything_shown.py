"""All that people may get to see, in a real browser.

Axe finds nothing in light or dark, the keys lead to everything on every page, past it and back to its beginning, and
nothing needs scripts.
"""

from mimetypes import guess_type
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from playwright.sync_api import Browser, Page, Route

from tests.cast import Cast
from tests.journeys.barriers import barriers
from tests.journeys.everything_shown import everything_shown
from tests.journeys.keyboard import not_reached
from tests.journeys.people import DESK, PHONE, is_within
from tests.test_cast_pages import make_samples
from tests.walk import to_walk

pytestmark = pytest.mark.django_db

SITE = "http://plenum.test"


@pytest.fixture
def shown(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    cache.clear()
    found = everything_shown(to_walk(make_samples(cast)), monkeypatch)
    cache.clear()
    return found


class Window:
    """One page of a browser, in which answers are looked at one after the other as the server gave them.

    Colours change at once in it: axe would measure them halfway.
    """

    def __init__(self, browser: Browser, *, scripts: bool = True) -> None:
        session = browser.new_context(
            viewport=DESK, locale="en-GB", reduced_motion="reduce", java_script_enabled=scripts
        )
        session.set_default_timeout(15_000)
        self.page: Page = session.new_page()
        self.page.route("**/*", self._serve)
        self.answer: Any = None

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        static = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if static is not None:
            route.fulfill(path=str(static), content_type=guess_type(path)[0] or "font/woff2")
        elif route.request.is_navigation_request():
            headers = dict(self.answer.items())
            route.fulfill(status=self.answer.status_code, headers=headers, body=self.answer.content)
        else:
            route.fulfill(status=404)

    def look_at(self, answer: Any) -> Page:
        """Show this answer."""
        self.answer = answer
        self.page.goto(f"{SITE}{answer.wsgi_request.get_full_path()}")
        return self.page


def test_all_of_it_is_for_everybody(shown: dict[str, Any], browser: Browser) -> None:
    """One look at each: it takes long enough. On a desk the keys and axe in both sets of colours, then a phone."""
    window, without_scripts, faults = Window(browser), Window(browser, scripts=False), {}
    for name, answer in shown.items():
        window.page.set_viewport_size(DESK)
        page = window.look_at(answer)
        text = page.locator("main").inner_text()
        found = [*barriers(page), *not_reached(page)]
        page.set_viewport_size(PHONE)
        if not is_within(page):
            found.append("sticks out on a phone")
        plain = without_scripts.look_at(answer).locator("main").inner_text()
        if len(text) < 40 or (plain != text and "Security keys need JavaScript." not in plain):
            found.append(f"without scripts: {plain!r}, with them: {text!r}")
        if found:
            faults[name] = found
    window.page.context.close()
    without_scripts.page.context.close()
    assert faults == {}
    assert len(shown) > 70
