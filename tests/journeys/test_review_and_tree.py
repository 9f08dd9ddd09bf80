"""The report is written from the record; the tree is changed and looked at on another day; outsiders find nothing."""

from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.barriers import barriers
from tests.journeys.people import A4, DESK, PHONE, People, is_within

PAGES = [
    "/units/",
    "/units/tam-duong/",
    "/units/tam-duong/board/?period=2023",
    "/units/tam-duong/targets/?period=2023",
    "/units/tam-duong/returns/",
    "/units/tam-duong/acceptance/",
    "/units/tam-duong/indicators/members.admitted/?period=2023",
    "/units/tam-duong/review/2023/",
    "/units/tam-duong/documents/",
    "/units/tam-duong/journal/",
    "/units/tam-duong/grants/",
    "/units/tam-duong-duy-phien/obligations/",
    "/account/",
]


def test_the_officer_writes_and_downloads_the_review(people: People) -> None:
    officer = people.sign_in("tinh-quang-nam")
    officer.goto("/units/quang-nam/review/2023/")
    expect(officer.locator("main")).to_contain_text("113,39")
    expect(officer.locator("main")).to_contain_text("113,34")
    field = officer.locator("textarea").first
    field.fill("Đã hoàn thành 18 nhiệm vụ trọng tâm.")
    field.locator("xpath=ancestor::form").locator("button").last.click()
    officer.wait_for_load_state()
    expect(officer.locator("main")).to_contain_text("Đã hoàn thành 18 nhiệm vụ trọng tâm.")
    answer = officer.request.get("/units/quang-nam/review/2023.pdf?lang=ru")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
    assert "113,39" in text
    assert "113,34" in text
    answer = officer.request.get("/units/quang-nam/review/2023.docx?lang=vi")
    cells = [
        cell.text
        for table in Document(BytesIO(answer.body())).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert any("2.041" in cell for cell in cells)


def test_a_name_changes_on_a_day_and_the_past_keeps_the_old_one(people: People) -> None:
    officer = people.sign_in("huyen-tam-duong")
    officer.goto("/units/tam-duong-an-hoa/rename/")
    officer.fill("[name=name]", "Đảng bộ xã An Hòa Mới")
    officer.locator("main form button").last.click()
    officer.wait_for_load_state()
    officer.goto("/units/tam-duong-an-hoa/")
    expect(officer.locator("main")).to_contain_text("Đảng bộ xã An Hòa Mới")
    officer.goto("/units/tam-duong/board/?as_of=2024-10-07")
    officer.goto("/units/tam-duong/?as_of=2024-10-07")
    expect(officer.locator("main")).to_contain_text("Đảng bộ xã An Hòa")
    expect(officer.locator("main")).not_to_contain_text("An Hòa Mới")
    officer.goto("/units/tam-duong-an-hoa/journal/")
    expect(officer.locator("main")).to_contain_text("An Hòa Mới")


@pytest.mark.parametrize("login", ["nguoi-la", "tinh-quang-nam"])
def test_outsiders_find_nothing_at_any_address(people: People, login: str) -> None:
    outsider = people.sign_in(login)
    for address in [*PAGES, "/units/tam-duong/review/2023.pdf", "/returns/1/"]:
        answer = outsider.goto(address)
        assert answer is not None
        if "tam-duong" in address or address.startswith("/returns"):
            assert answer.status == 404, address
        assert "Tam Dương" not in outsider.content(), address


def test_no_page_shuts_anybody_out(people: People) -> None:
    officer = people.sign_in("huyen-tam-duong", screen=PHONE)
    faults = {}
    for address in PAGES:
        officer.goto(address)
        assert is_within(officer), address
        faults[address] = barriers(officer)
    officer.set_viewport_size(DESK)
    officer.goto(PAGES[2])
    assert is_within(officer)
    faults["on a desk"] = barriers(officer)
    assert {address: found for address, found in faults.items() if found} == {}


@pytest.mark.parametrize("language", ["vi", "ru"])
def test_what_is_printed_fits_the_paper(people: People, language: str) -> None:
    officer = people.sign_in("tinh-quang-nam", screen=A4, language=language)
    officer.emulate_media(media="print")
    for page in ("board/", "targets/", "returns/", "review/2023/", "journal/?below=1&"):
        officer.goto(f"/units/quang-nam/{page}{'' if '?' in page else '?'}period=2023")
        assert is_within(officer), page
        assert officer.locator(".head h1").is_visible()
        assert not officer.locator(".doors").is_visible()
