"""The house style as a browser sees it: every component on one page, without a database."""

import re
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from plenum.site.middleware import CONTENT_POLICY
from plenum.site.tests import gallery

STYLES = Path(__file__).parent.parent / "static" / "site"


def opened(browser: Browser, language: str, width: int, scheme: Any = "light", **options: Any) -> Page:
    """The gallery in a window of this width, served under the content security policy of the site."""
    html = gallery.page(language)
    page = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **options
    ).new_page()
    refused: list[str] = []

    def serve(route: Route) -> None:
        path = route.request.url.split("gallery.test", 1)[1].split("?")[0]
        if not path.startswith("/static/"):
            headers = {"Content-Security-Policy": CONTENT_POLICY}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
            return
        found = finders.find(path.removeprefix("/static/"))
        assert isinstance(found, str), f"{path} is not among the static files"
        route.fulfill(path=found, content_type=guess_type(found)[0] or "font/woff2")

    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.route("**/*", serve)
    page.goto("http://gallery.test/", wait_until="networkidle")
    assert refused == []
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("ru", 1024)])
def test_axe_finds_nothing(browser: Browser, language: str, width: int, scheme: str) -> None:
    page = opened(browser, language, width, scheme)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    page.context.close()


@pytest.mark.parametrize("language", ["vi", "ru"])
def test_no_width_needs_to_be_scrolled_sideways(browser: Browser, language: str) -> None:
    page = opened(browser, language, 320)
    for width in (320, 360, 480, 720, 768, 900, 1024, 1100, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert excess == 0, f"{excess} px too wide at {width} px"
    page.context.close()


def test_targets_for_a_finger_are_at_least_24_pixels_high(browser: Browser) -> None:
    page = opened(browser, "vi", 360)
    small = page.evaluate(
        """[...document.querySelectorAll('summary, button, .doors a, .trail a, .periods a, .pager a, input, select')]
        .filter(e => e.type !== 'hidden' && e.checkVisibility()
            && e.getBoundingClientRect().height < (/checkbox|radio/.test(e.type) ? 18 : 24))
        .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    page.context.close()


def test_the_page_works_without_scripts_and_opens_its_menus(browser: Browser) -> None:
    page = opened(browser, "ru", 360, java_script_enabled=False)
    page.locator(".lens > summary").click()
    assert page.locator("#lens-known-on").is_visible()
    assert page.locator("#lens-as-of").input_value() == "2023-12-31"
    page.context.close()


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_fields(browser: Browser) -> None:
    page = opened(browser, "vi", 1024)
    assert page.evaluate("document.activeElement.id") == "form-errors"
    page.locator("#form-errors a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_admitted"
    page.context.close()


def test_a_field_in_error_names_its_error_and_its_help(browser: Browser) -> None:
    page = opened(browser, "vi", 1024)
    described = page.locator("#id_admitted").get_attribute("aria-describedby") or ""
    assert described
    for identifier in described.split():
        assert page.locator(f"#{identifier}").inner_text()
    page.context.close()


def test_only_our_own_typefaces_are_used_for_every_script(browser: Browser) -> None:
    page = opened(browser, "vi", 1024)
    loaded = page.evaluate(
        "Promise.all([...document.fonts].map(f => f.load())).then(all => all.map(f => f.family + f.status))"
    )
    assert len(loaded) == 8
    assert all(face.endswith("loaded") for face in loaded)
    page.context.close()


# --- contrast, computed from the colours themselves ---------------------------------------------


def colours() -> dict[str, tuple[str, str]]:
    """Every colour of the house as its light and its dark value."""
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet", "wash"])
def test_text_and_lines_stand_out_from_every_ground(scheme: int, ground: str) -> None:
    known = colours()
    for ink in ("ink", "soft", "accent", "good", "warn", "bad"):
        ratio = contrast(known[ink][scheme], known[ground][scheme])
        assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"
    edge = contrast(known["edge"][scheme], known[ground][scheme])
    assert edge >= 3, f"edge on {ground}: {edge:.2f}"


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_buttons_can_be_read(scheme: int) -> None:
    known = colours()
    assert contrast(known["on-accent"][scheme], known["accent"][scheme]) >= 4.5


def test_no_template_of_any_room_styles_or_scripts_inline() -> None:
    rooms = STYLES.parents[2]
    guilty = [
        str(path.relative_to(rooms))
        for path in sorted(rooms.glob("*/templates/**/*.html"))
        if re.search(
            r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*(?:\ssrc=|type=\"application/json))",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert guilty == []


def test_the_typefaces_are_small_and_carry_their_licence() -> None:
    fonts = STYLES / "fonts"
    assert sum(path.stat().st_size for path in fonts.glob("*.woff2")) < 500_000
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text(encoding="utf-8")
