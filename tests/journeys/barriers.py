"""What shuts somebody out of a page, found by axe: all its rules in light colours, those of colours in dark, too."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
VIOLATIONS = """options => axe.run({resultTypes: ['violations'], ...options}).then(found => found.violations.map(
    rule => rule.id + ': ' + rule.nodes.map(node => node.html.slice(0, 200)).join(' | ')))"""
COLOURS = {"runOnly": {"type": "tag", "values": ["cat.color"]}}
"""The rules that other colours alone can break."""


def barriers(page: Page) -> list[str]:
    """What is found on the open page, left in light colours. They change at once: axe would measure them halfway."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.evaluate(AXE.axe_script)
    found: list[str] = page.evaluate(VIOLATIONS, {})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"in the dark, {each}" for each in page.evaluate(VIOLATIONS, COLOURS)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found
