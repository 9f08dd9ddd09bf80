"""A secretary reports on a phone, the district accepts, every superior's figures are right; then a correction."""

from playwright.sync_api import Page, expect

from tests.journeys.people import DESK, PHONE, People, Today, figure_of, is_within

CELL = "tam-duong-thpt-tam-duong"
SEPTEMBER = f"/units/{CELL}/returns/grassroots-monthly/2024-09/"
ADMITTED = "members.admitted"
MEMBERS = 75


def figures_of_september(admitted: int) -> dict[str, int]:
    """A September that holds together: the cell admits some, all women."""
    return {
        "members_carried": MEMBERS,
        "members_admitted": admitted,
        "members_transferred_in": 0,
        "members_reinstated": 0,
        "members_transferred_out": 0,
        "members_died": 0,
        "members_expelled": 0,
        "members_removed": 0,
        "members_total": MEMBERS + admitted,
        "admitted_women": admitted,
        "admitted_men": 0,
        "admitted_youth": admitted,
        "organisations_founded_private": 0,
    }


def fill_in(page: Page, admitted: int) -> None:
    """Enter a September that holds together."""
    for slot, value in figures_of_september(admitted).items():
        page.fill(f"[name={slot}]", str(value))


def submit(page: Page) -> None:
    page.click(".actions button[value=submit]")
    page.wait_for_load_state()
    refused = page.locator("#form-errors")
    assert not refused.count(), refused.inner_text()
    page.wait_for_url("**/returns/*/")


def accept_first(page: Page) -> None:
    page.goto("/units/tam-duong/acceptance/")
    page.locator("tr", has_text="THPT Tam Dương").first.locator("input[name=choice]").check()
    page.click("main form button.button")
    page.wait_for_load_state()


def test_from_a_phone_to_the_province(people: People, today: Today) -> None:
    district = people.sign_in("huyen-tam-duong", screen=DESK)
    province = people.sign_in("tinh-vinh-phuc", screen=DESK)
    before = figure_of(district, "tam-duong", ADMITTED, "period=2024")
    province_before = figure_of(province, "vinh-phuc", ADMITTED, "period=2024")

    secretary = people.sign_in("bi-thu", screen=PHONE)
    expect(secretary.locator("h1")).to_contain_text("2024")
    secretary.locator(f".side a[href^='{SEPTEMBER}']").click()
    assert is_within(secretary)
    fill_in(secretary, 2)
    assert is_within(secretary)
    submit(secretary)
    assert is_within(secretary)
    assert figure_of(district, "tam-duong", ADMITTED, "period=2024") == before, "submitted is not accepted"

    accept_first(district)
    assert figure_of(district, "tam-duong", ADMITTED, "period=2024") == before + 2
    assert figure_of(province, "vinh-phuc", ADMITTED, "period=2024") == province_before + 2

    today("2024-10-09")
    secretary.reload()
    secretary.locator("details", has=secretary.locator("button[value=correct]")).locator("summary").click()
    secretary.fill("details[open] textarea[name=reason]", "Một người được ghi hai lần.")
    secretary.click("button[value=correct]")
    secretary.wait_for_url(f"**{SEPTEMBER}*")
    fill_in(secretary, 1)
    submit(secretary)
    assert figure_of(district, "tam-duong", ADMITTED, "period=2024") == before + 2, (
        "the accepted figures stand"
    )

    accept_first(district)
    for page, unit, was in ((district, "tam-duong", before), (province, "vinh-phuc", province_before)):
        assert figure_of(page, unit, ADMITTED, "period=2024") == was + 1
        assert figure_of(page, unit, ADMITTED, "period=2024&known_on=2024-10-08") == was + 2
        assert figure_of(page, unit, ADMITTED, "period=2024&known_on=2024-10-07") == was


def test_what_does_not_add_up_is_kept_but_not_submitted(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE)
    secretary.goto(SEPTEMBER)
    fill_in(secretary, 2)
    secretary.fill("[name=members_total]", "80")
    secretary.fill("[name=remark]", "Ghi chú của bí thư")
    secretary.click(".actions button[value=submit]")
    secretary.wait_for_selector("#form-errors")
    assert secretary.input_value("[name=members_total]") == "80"
    expect(secretary.locator("#form-errors")).to_contain_text("80")
    expect(secretary.locator("#form-errors")).to_contain_text(str(MEMBERS + 2))
    secretary.goto(SEPTEMBER)
    assert secretary.input_value("[name=members_total]") == "80", "the draft was saved"
    assert secretary.input_value("[name=remark]") == "Ghi chú của bí thư"
    secretary.fill("[name=members_total]", str(MEMBERS + 2))
    submit(secretary)


def test_a_word_where_a_number_belongs_is_shown_at_its_field(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE)
    secretary.goto(SEPTEMBER)
    secretary.fill("[name=members_total]", "bảy mươi")
    secretary.click(".actions button[value=save]")
    secretary.wait_for_selector("#form-errors")
    assert secretary.input_value("[name=members_total]") == "bảy mươi"
    expect(secretary.locator(".field.wrong")).to_have_count(1)


def test_a_draft_is_saved_while_it_is_typed(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE)
    secretary.goto(SEPTEMBER)
    with secretary.expect_response(lambda answer: answer.request.method == "POST") as answered:
        secretary.fill("[name=members_carried]", str(MEMBERS))
        secretary.keyboard.press("Tab")
    assert answered.value.ok
    with secretary.expect_response(lambda answer: answer.request.method == "POST") as answered:
        secretary.fill("[name=members_admitted]", "1")
        secretary.keyboard.press("Tab")
    assert answered.value.ok
    secretary.goto(SEPTEMBER)
    assert secretary.input_value("[name=members_carried]") == str(MEMBERS)
    assert secretary.input_value("[name=members_admitted]") == "1"


def test_sent_back_with_a_reason_and_put_right(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE)
    secretary.goto(SEPTEMBER)
    fill_in(secretary, 1)
    submit(secretary)
    place = secretary.url

    district = people.sign_in("huyen-tam-duong")
    district.goto(place)
    district.locator("details", has=district.locator("button[value=send_back]")).locator("summary").click()
    district.fill("details[open] textarea[name=reason]", "Đề nghị kiểm tra lại số kết nạp.")
    district.click("button[value=send_back]")
    district.wait_for_load_state()

    secretary.goto(f"/units/{CELL}/board/")
    secretary.locator(f".side a[href='{place[len(people.address) :]}']").first.click()
    expect(secretary.locator("main .flag")).to_contain_text("Đề nghị kiểm tra lại số kết nạp.")
    secretary.goto(SEPTEMBER)
    expect(secretary.locator("main .flag").first).to_contain_text("Đề nghị kiểm tra lại số kết nạp.")
    fill_in(secretary, 0)
    submit(secretary)
    accept_first(district)
    district.goto(place)
    expect(district.locator(".step.done")).to_have_count(3)


def test_it_works_without_javascript(people: People) -> None:
    secretary = people.sign_in("bi-thu", screen=PHONE, javascript=False)
    secretary.goto(SEPTEMBER)
    fill_in(secretary, 1)
    submit(secretary)
    district = people.sign_in("huyen-tam-duong", javascript=False)
    accept_first(district)
    assert secretary.reload()
    expect(secretary.locator(".step.done")).to_have_count(3)
