"""A real browser for the journeys. On a machine without one they are skipped with the reason; in CI they fail."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without the windows that nobody sees: it takes half as long."""
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; `PLENUM_BROWSER` names another."""
    program = os.environ.get("PLENUM_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = "no browser: install chromium, or name one in PLENUM_BROWSER"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    asynchronous = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield found
        found.close()
    if asynchronous is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(browser: Browser, live_address: str) -> Iterator[BrowserContext]:
    """A browser session of its own that starts at the live server."""
    session = browser.new_context(base_url=live_address, locale="en-GB")
    session.set_default_timeout(15_000)
    yield session
    session.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on a wide screen."""
    return context.new_page()


@pytest.fixture
def phone(browser: Browser, live_address: str) -> Iterator[Page]:
    """A page on a small phone, in a session of its own."""
    session = browser.new_context(base_url=live_address, locale="en-GB", viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    session.set_default_timeout(15_000)
    yield session.new_page()
    session.close()
