"""The main journeys with the keyboard alone, and always seeing where one is."""

from playwright.sync_api import expect

from plenum.site.demo.load import PASSWORD
from tests.journeys.keyboard import Keyboard
from tests.journeys.people import DESK, People
from tests.journeys.test_around_the_loop import CELL, MEMBERS, SEPTEMBER, figures_of_september

ADMITTED = "members.admitted"


def signed_in(people: People, login: str) -> Keyboard:
    """Sign in with the keys."""
    page = people.browser.new_context(base_url=people.address, viewport=DESK, locale="en-GB").new_page()
    page.set_default_timeout(15_000)
    page.goto("/")
    keys = Keyboard(page)
    keys.write(page.locator("input[name=login]"), login)
    keys.write(page.locator("input[name=password]"), PASSWORD)
    keys.press(page.locator("main form button"))
    expect(page.locator("h1")).to_be_visible()
    return keys


def test_a_return_is_entered_submitted_and_accepted(people: People) -> None:
    secretary = signed_in(people, "bi-thu")
    page = secretary.page
    secretary.press(page.locator(f"main a[href^='{SEPTEMBER}']").first)
    figures = figures_of_september(2)
    for slot, value in figures.items():
        secretary.write(page.locator(f"[name={slot}]"), str(value))
    secretary.press(page.locator("[name=members_carried]"))
    assert page.url.split("?")[0].endswith(SEPTEMBER), "Enter in a field saves the draft and submits nothing"
    assert page.input_value("[name=members_total]") == str(MEMBERS + 2)
    secretary.press(page.locator(".actions button[value=submit]"))
    expect(page.locator("h1")).to_be_visible()
    assert "/returns/" in page.url
    assert CELL not in page.url

    district = signed_in(people, "huyen-tam-duong")
    page = district.page
    district.press(page.locator("main a[href*='/acceptance/']"))
    district.tick(page.locator("tr", has_text="THPT Tam Dương").locator("input[name=choice]"))
    district.press(page.locator("main form button.button"))
    expect(page.locator(".messages")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("THPT Tam Dương")


def test_a_target_is_set_and_the_review_is_written(people: People) -> None:
    officer = signed_in(people, "huyen-tam-duong")
    page = officer.page
    officer.press(page.locator(".doors a[href*='/targets/']"))
    officer.press(page.locator("main a[href*='/targets/set/']"))
    officer.choose(page.locator("select[name=indicator]"), ADMITTED)
    officer.write(page.locator("main input[name=period]"), "2025")
    officer.write(page.locator("input[name=amount]"), "190")
    officer.press(page.locator("main form button.button"))
    expect(page.locator("main")).to_contain_text("190")

    officer.press(page.locator(".doors a[href*='/review/']"))
    officer.write(page.locator("textarea[name=achievements]"), "Written without a mouse.")
    officer.press(page.locator(".report-form .actions button"))
    expect(page.locator(".paper, main").first).to_contain_text("Written without a mouse.")


def test_the_menus_of_the_mast_open_and_close(people: People) -> None:
    officer = signed_in(people, "huyen-tam-duong")
    page = officer.page
    officer.reach(page.locator(".lens > summary"))
    page.keyboard.press("Enter")
    expect(page.locator("#lens-known-on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#lens-known-on")).to_be_hidden()
    assert page.locator(".lens > summary").evaluate("element => element === document.activeElement")
    officer.reach(page.locator(".languages > summary"))
    page.keyboard.press("Enter")
    officer.press(page.locator(".languages button[value=cs]"))
    assert page.locator("html").get_attribute("lang") == "cs"


def test_the_first_key_leads_past_the_mast(people: People) -> None:
    officer = signed_in(people, "huyen-tam-duong")
    page = officer.page
    page.reload()
    officer.reach(page.locator("a.skip"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
