"""The description as a page, in a real browser, under the content policy of the site: nothing from elsewhere."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def test_people_read_the_description_and_nothing_is_blocked(page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    origins: set[str] = set()
    page.on("request", lambda request: origins.add(request.url.split("/api/")[0].split("/static/")[0]))
    page.goto("/api/docs")
    expect(page.get_by_role("heading", name="Targets and verdicts")).to_be_visible()
    page.get_by_role("heading", name="Targets and verdicts").click()
    page.get_by_role("button", name="read_standing").or_(
        page.locator("#operations-Targets_and_verdicts-read_standing button").first
    ).first.click()
    expect(
        page.get_by_text("Figures of a unit with targets, verdicts and their reasons").first
    ).to_be_visible()
    expect(page.get_by_text("known_on").first).to_be_visible()
    assert faults == []
    assert {origin for origin in origins if not origin.startswith("data:")} == {page.url.split("/api/")[0]}


NOT_OURS = ["heading-order", "nested-interactive", "scrollable-region-focusable"]
"""How Swagger UI builds its rows; it cannot be told otherwise."""
VIOLATIONS = """rules => axe.run({resultTypes: ['violations'],
    rules: Object.fromEntries(rules.map(rule => [rule, {enabled: false}]))}).then(found => found.violations.map(
    rule => rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 200)).join(' | ')))"""


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_in_the_description(page: Page, colours: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    page.goto("/api/docs")
    page.get_by_role("heading", name="Targets and verdicts").click()
    page.locator("#operations-Targets_and_verdicts-read_standing button").first.click()
    expect(page.get_by_text("known_on").first).to_be_visible()
    page.evaluate(Axe().axe_script)
    found = page.evaluate(VIOLATIONS, NOT_OURS)
    assert found == [], "\n".join(found)
