"""A person is invited, sets up an app and a key, and signs in with them; a token is issued; the page of the account."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from plenum.site.demo.load import PASSWORD
from tests.journeys.barriers import barriers
from tests.journeys.people import DESK, PHONE, People, is_within

CHOSEN = "cá không ăn muối cá ươn"
OWN_PAGES = [
    "/account/",
    "/account/second-factor/",
    "/account/second-factor/app/",
    "/account/second-factor/key/",
    "/account/sessions/",
    "/account/tokens/",
]


def code_for(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))))


def with_a_key(page: Page) -> None:
    """Put a security key into this browser that is always touched when asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.fixture
def at_a_name(people: People) -> People:
    """The same people at the name of this machine: security keys know sites by names, not by numbers."""
    return People(people.browser, people.address.replace("127.0.0.1", "localhost"))


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def test_invited_with_an_app(people: People) -> None:
    officer = people.sign_in("huyen-tam-duong", language="en")
    officer.goto("/units/tam-duong-duy-phien/grants/invite/")
    officer.fill("input[name=name]", "Nguyễn Thị Mới")
    officer.fill("input[name=login]", "moi")
    officer.select_option("select[name=language]", "en")
    press(officer, "Make the link")
    link = officer.locator("code.secret").inner_text()

    session = people.browser.new_context(viewport=PHONE, locale="en-GB")
    guest = session.new_page()
    guest.set_default_timeout(15_000)
    guest.goto(link)
    assert is_within(guest)
    guest.fill("input[name=password]", CHOSEN)
    guest.fill("input[name=again]", CHOSEN)
    press(guest, "Create my account")
    guest.goto("/".join((people.address, "account/second-factor/app/")))
    secret = guest.locator("code.secret").inner_text()
    assert guest.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    guest.fill("input[name=code]", code_for(secret))
    press(guest, "Set up the app")
    code = guest.locator(".codes code").first.inner_text()
    with guest.expect_download() as download:
        guest.get_by_role("link", name="Download as a file").click()
    assert code in download.value.path().read_text()

    again = people.browser.new_context(base_url=people.address, locale="en-GB").new_page()
    again.goto(link)
    expect(again.locator("h1")).to_contain_text("open no more")
    again.goto("/sign-in/")
    again.fill("input[name=login]", "moi")
    again.fill("input[name=password]", CHOSEN)
    press(again, "Sign in")
    expect(again.locator("h1")).to_have_text("Second step")
    again.fill("input[name=code]", code)
    press(again, "Confirm")
    again.goto("/account/second-factor/")
    expect(again.locator("main")).to_contain_text("9 recovery codes are left")


def test_a_security_key(at_a_name: People) -> None:
    page = at_a_name.sign_in("huyen-tam-duong", language="en")
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    with_a_key(page)
    page.goto("/account/second-factor/key/")
    page.fill("input[name=name]", "The red one")
    press(page, "Add the key")
    expect(page.locator("h1")).to_have_text("Recovery codes")
    page.goto("/account/second-factor/")
    expect(page.locator("main")).to_contain_text("The red one")
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.fill("input[name=login]", "huyen-tam-duong")
    page.fill("input[name=password]", PASSWORD)
    press(page, "Sign in")
    expect(page.locator("h1")).to_have_text("Second step")
    press(page, "Use the key")
    expect(page.locator("h1")).not_to_have_text("Second step")
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("huyen-tam-duong")
    assert troubles == []


def test_a_token_is_shown_once(people: People) -> None:
    page = people.sign_in("huyen-tam-duong", language="en")
    page.goto("/account/tokens/")
    page.fill("input[name=name]", "Night report")
    page.check("input[name=powers][value='journal.read']")
    press(page, "Issue the token")
    text = page.locator("code.secret").inner_text()
    assert re.fullmatch(r"plenum_\w{16}_\w{43}", text)
    page.goto("/account/tokens/")
    expect(page.locator("main")).to_contain_text("Night report")
    assert text not in page.content()


def test_the_pages_of_the_account_are_for_everybody(people: People) -> None:
    page = people.sign_in("huyen-tam-duong", language="en")
    faults = {}
    for address in OWN_PAGES:
        for screen in (DESK, PHONE):
            page.set_viewport_size(screen)
            page.goto(address)
            assert is_within(page), address
        if found := barriers(page):
            faults[address] = found
    assert faults == {}


def test_a_draft_outlives_the_session_in_which_it_was_typed(people: People) -> None:
    """The page says calmly that nothing is saved now; its button leads to the sign-in and back to what was typed."""
    page = people.sign_in("bi-thu", language="en")
    page.goto("/units/tam-duong-thpt-tam-duong/returns/grassroots-monthly/2024-09/")
    page.context.clear_cookies(name="plenum_session")
    page.fill("[name=members_admitted]", "3")
    page.locator("[name=members_admitted]").blur()
    told = page.locator("#draft-state[role=alert]")
    expect(told).to_contain_text("You have been signed out")
    assert page.input_value("[name=members_admitted]") == "3"
    told.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page.fill("input[name=login]", "bi-thu")
    page.fill("input[name=password]", PASSWORD)
    press(page, "Sign in")
    expect(page.locator("main")).to_contain_text("You had been signed out.")
    assert page.input_value("[name=members_admitted]") == "3"
    expect(page.locator("#draft-state")).to_contain_text("Nothing has been saved yet.")
