"""A report is issued, what is handed out stays as it is, and somebody without an account verifies it."""

import hashlib
import re

from playwright.sync_api import Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.people import DESK, PHONE, People, is_within


def issue(officer: Page, reason: str = "") -> str:
    """Issue the report of the year in English, and give its verification code."""
    officer.goto("/units/quang-nam/review/2023/issue/?lang=en")
    if reason:
        officer.fill("[name=reason]", reason)
    officer.locator("main form button").click()
    officer.wait_for_url(re.compile(r"/issued/\d+/"))
    return officer.locator("aside dl code").inner_text()


def visitor(people: People) -> Page:
    return people.browser.new_context(base_url=people.address, locale="en-GB", viewport=PHONE).new_page()


def test_a_report_is_issued_verified_and_replaced(people: People) -> None:
    officer = people.sign_in("tinh-quang-nam")
    code = issue(officer)
    expect(officer.locator(".say")).to_have_text(re.compile(r"\w"))
    link = officer.locator("aside a[download]").first
    address = str(link.get_attribute("href"))
    document = officer.request.get(address).body()
    assert (
        hashlib.sha256(document).hexdigest() == officer.locator("aside .report-hash code").first.inner_text()
    )

    stranger = visitor(people)
    stranger.goto("/verify/")
    stranger.fill("[name=code]", code.lower().replace("-", ""))
    stranger.locator("main form button").click()
    expect(stranger.locator("main")).to_contain_text("Đảng bộ tỉnh Quảng Nam")
    expect(stranger.locator("main")).not_to_contain_text("2,041")
    for content, told in ((document, "Identical"), (document + b" ", "Not identical")):
        stranger.set_input_files(
            "[name=file]", {"name": "review.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        stranger.locator("main form button").click()
        expect(stranger.locator("main .flag").first).to_contain_text(told)

    officer.goto("/units/quang-nam/review/2023/?lang=en")
    officer.locator("textarea").first.fill("Written after the report was issued.")
    officer.locator("aside form button").click()
    officer.wait_for_load_state()
    officer.goto(address.removesuffix(".pdf") + "/")
    expect(officer.locator("#differences")).to_contain_text("Written after the report was issued.")
    expect(officer.locator(".paper")).not_to_contain_text("Written after the report was issued.")
    assert officer.request.get(address).body() == document
    issue(officer, "A section was added")
    stranger.goto(f"/verify/{code}/")
    expect(stranger.locator(".say")).to_contain_text("superseded by edition 2")


def test_no_page_of_issuing_and_verifying_shuts_anybody_out(people: People) -> None:
    officer = people.sign_in("tinh-quang-nam")
    code, stranger = issue(officer), visitor(people)
    issued = officer.url
    officer.goto("/units/quang-nam/review/2023/?lang=en")
    officer.locator("textarea").first.fill("Later.")
    officer.locator("aside form button").click()
    looked_at = [
        (officer, issued),
        (officer, "/units/quang-nam/review/2023/issue/?lang=en"),
        (officer, "/units/quang-nam/review/2023/?lang=en"),
        (stranger, "/verify/"),
        (stranger, f"/verify/{code}/"),
        (stranger, "/verify/K7M2P/"),
    ]
    faults = {}
    for screen in (PHONE, DESK):
        for page, address in looked_at:
            page.set_viewport_size(screen)
            page.goto(address)
            assert is_within(page), address
            if found := barriers(page):
                faults[address, screen["width"]] = found
    assert faults == {}
