"""A served reference year, the day it is, and people who sign in."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import People, Today


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every story, so that `-m journey` tells them all."""
    for item in items:
        if "journeys" in item.nodeid:
            item.add_marker(pytest.mark.journey)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Today:
    """Turn the clock to a day; a journey begins on the day of the demonstration."""

    def turn(day: str) -> None:
        monkeypatch.setenv("PLENUM_TODAY", day)

    turn("2024-10-08")
    return turn


@pytest.fixture
def people(browser: Browser, today: Today, reference_address: str) -> People:
    """People of the reference year in front of their own browsers."""
    return People(browser, reference_address)
