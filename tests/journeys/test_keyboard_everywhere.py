"""With the keys alone a unit is found and a day is chosen. To what Tab leads is asked in `test_everything_shown.py`."""

from playwright.sync_api import expect

from tests.journeys.people import People
from tests.journeys.test_keyboard import signed_in


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
