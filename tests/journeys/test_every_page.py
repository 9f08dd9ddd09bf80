"""Every page, found automatically, in a real browser: for everybody, on a phone and a desk, without scripts."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.cast import DAY, make_cast
from tests.journeys.people import DESK, PHONE, is_within
from tests.test_cast_pages import make_samples
from tests.walk import Stop, every_page, to_walk

PIECES = {"units/<slug:code>/branch/"}
"""Parts of a page that is open already."""
SPEAKS_WITH_A_KEY = {
    "sign-in/second-step/": "Use the key",
    "account/confirm/": "Use the key",
    "account/second-factor/key/": "Add the key",
}
"""Pages whose words differ without scripts: they say that a security key needs them."""


@pytest.fixture
def stops(live_address: str, monkeypatch: pytest.MonkeyPatch) -> list[Stop]:
    """A stop for every page, on a database of its own."""
    monkeypatch.setenv("PLENUM_TODAY", DAY.isoformat())
    found = every_page(to_walk(make_samples(make_cast())))
    return [stop for stop in found if stop.route not in PIECES]


def opened(browser: Browser, address: str, stops: list[Stop], **options: Any) -> Iterator[tuple[Stop, Page]]:
    """Each page in the browser of whoever sees it; one browser session for each person."""
    sessions: dict[int, BrowserContext] = {}
    for stop in stops:
        if id(stop.client) not in sessions:
            session = browser.new_context(base_url=address, locale="en-GB", **options)
            session.set_default_timeout(15_000)
            session.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": address}
                    for name, morsel in stop.client.cookies.items()
                ]
            )
            sessions[id(stop.client)] = session
        with closing(sessions[id(stop.client)].new_page()) as page:
            answer = page.goto(stop.address)
            assert answer is not None
            assert answer.status == 200, stop.address
            yield stop, page
    for session in sessions.values():
        session.close()


def words_of(page: Page) -> str:
    """What a page says, without the secret that an app is offered: it is another each time."""
    return re.sub(r"\b[A-Z2-7]{32}\b", "", " ".join(page.locator("main").inner_text().split()))


@pytest.mark.parametrize(("scheme", "screen"), [("light", PHONE), ("dark", DESK)])
def test_no_page_shuts_anybody_out(
    browser: Browser, live_address: str, stops: list[Stop], scheme: str, screen: Any
) -> None:
    look = {"viewport": screen, "color_scheme": scheme, "reduced_motion": "reduce"}
    axe, faults = Axe(), {}
    for stop, page in opened(browser, live_address, stops, **look):
        if not is_within(page):
            faults[stop.route, "width"] = ["sticks out"]
        found = axe.run(page).response["violations"]
        if found:
            faults[stop.route, scheme] = [(each["id"], each["nodes"][0]["html"]) for each in found]
    assert faults == {}
    assert len(stops) > 45


def test_every_page_says_the_same_without_scripts(
    browser: Browser, live_address: str, stops: list[Stop]
) -> None:
    with_scripts = {stop.route: words_of(page) for stop, page in opened(browser, live_address, stops)}
    faults = {}
    for stop, page in opened(browser, live_address, stops, java_script_enabled=False):
        said = words_of(page)
        if stop.route in SPEAKS_WITH_A_KEY:
            assert "Security keys need JavaScript." in said or SPEAKS_WITH_A_KEY[stop.route] not in said
        elif said != with_scripts[stop.route]:
            faults[stop.route] = (with_scripts[stop.route], said)
    assert faults == {}
