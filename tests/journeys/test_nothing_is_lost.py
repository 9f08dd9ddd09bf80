"""What was typed is not lost: the session ends meanwhile, or somebody else is faster, in two browsers."""

from playwright.sync_api import Page, expect

from plenum.site.demo.load import PASSWORD
from tests.journeys.people import PHONE, People
from tests.journeys.test_around_the_loop import MEMBERS, SEPTEMBER, figures_of_september, fill_in, submit

REVIEW = "/units/tam-duong/review/2023/"


def sign_in_again(page: Page, login: str) -> None:
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()


def test_a_return_comes_back_after_the_session_has_ended(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE, javascript=False)
    secretary.goto(SEPTEMBER)
    fill_in(secretary, 2)
    secretary.fill("[name=remark]", "Ghi chú <của> bí thư")
    secretary.context.clear_cookies()
    secretary.click(".actions button[value=submit]")
    expect(secretary.locator("h1")).to_have_text("Sign in")
    expect(secretary.locator(".say")).to_contain_text("what you typed is kept")
    sign_in_again(secretary, "bi-thu")
    assert SEPTEMBER in secretary.url
    expect(secretary.locator(".messages")).to_be_visible()
    for slot, value in figures_of_september(2).items():
        assert secretary.input_value(f"[name={slot}]") == str(value)
    assert secretary.input_value("[name=remark]") == "Ghi chú <của> bí thư"
    other = people.sign_in("bi-thu", screen=PHONE)
    other.goto(SEPTEMBER)
    assert other.input_value("[name=members_total]") != str(MEMBERS + 2), "nothing is saved by itself"
    submit(secretary)
    expect(secretary.locator(".step.done").first).to_be_visible()


def test_what_is_not_saved_in_the_background_is_told_and_taken_along(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE, language="en")
    secretary.goto(SEPTEMBER)
    state = secretary.locator("#draft-state")
    secretary.context.set_offline(True)
    secretary.fill("[name=members_total]", str(MEMBERS + 3))
    secretary.locator("[name=remark]").focus()
    expect(state).to_contain_text("Not saved")
    secretary.context.set_offline(False)
    secretary.context.clear_cookies()
    again = secretary.context.new_page()
    again.goto("/")
    sign_in_again(again, "bi-thu")
    secretary.fill("[name=members_total]", str(MEMBERS + 4))
    with secretary.expect_response(lambda answer: answer.request.method == "POST") as answered:
        secretary.locator("[name=remark]").focus()
    assert answered.value.status == 403
    expect(state).to_contain_text("you have signed in again since")
    secretary.click(".actions button[value=save]")
    secretary.click("main form button")
    secretary.goto(SEPTEMBER)
    assert secretary.input_value("[name=members_total]") == str(MEMBERS + 4)


def test_the_text_of_a_review_comes_back_after_the_session_has_ended(people: People) -> None:
    officer = people.sign_in("huyen-tam-duong")
    officer.goto(REVIEW)
    officer.fill("textarea[name=tasks]", "Một nhiệm vụ\nvà một nhiệm vụ nữa")
    officer.context.clear_cookies()
    officer.click(".report-form .actions button")
    sign_in_again(officer, "huyen-tam-duong")
    assert REVIEW in officer.url
    assert officer.input_value("textarea[name=tasks]") == "Một nhiệm vụ\nvà một nhiệm vụ nữa"
    officer.click(".report-form .actions button")
    officer.wait_for_load_state()
    officer.goto(REVIEW)
    assert officer.input_value("textarea[name=tasks]") == "Một nhiệm vụ\nvà một nhiệm vụ nữa"


def test_who_is_slower_sees_both_versions_and_chooses(people: People) -> None:
    slow, fast = people.sign_in("huyen-tam-duong"), people.sign_in("huyen-tam-duong")
    for page, text in ((slow, "Bản của người chậm"), (fast, "Bản của người nhanh")):
        page.goto(REVIEW)
        page.fill("textarea[name=tasks]", text)
    for page in (fast, slow):
        with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            page.click(".report-form .actions button")
        page.wait_for_load_state()
    assert answered.value.status == 409
    table = slow.locator("main table")
    expect(table).to_contain_text("Bản của người chậm")
    expect(table).to_contain_text("Bản của người nhanh")
    fast.goto(REVIEW)
    assert fast.input_value("textarea[name=tasks]") == "Bản của người nhanh"
    slow.click("main form button")
    slow.wait_for_load_state()
    fast.goto(REVIEW)
    assert fast.input_value("textarea[name=tasks]") == "Bản của người chậm"
