"""The bloc of provincial agencies of Quảng Ninh becomes two committees, in the browser from draft to worklist."""

from datetime import date

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from plenum.access.actions import create_account, grant_powers
from plenum.journal.actor import Actor
from plenum.site.demo.load import PASSWORD
from plenum.tree import ledger
from plenum.tree.models import Unit
from tests.journeys.people import PHONE, People, Today, is_within

SYSTEM = Actor.system("journey")
SINCE = date(2024, 1, 1)
BLOC = "khoi-cac-co-quan-quang-ninh"


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def approve(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Approve").click()
    expect(page.locator("body")).to_contain_text("The reform is approved")


def people_of_quang_ninh() -> None:
    """Two agencies below the bloc, and an officer of the province and the secretary of the bloc."""
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=("quang-ninh", BLOC))}
    for code, name in (("qn-ban-to-chuc", "Đảng bộ Ban Tổ chức Tỉnh ủy"), ("qn-so-y-te", "Đảng bộ Sở Y tế")):
        ledger.found(code=code, name=name, kind="agency_committee", parent=units[BLOC], on=SINCE)
    for login, at, role in (
        ("tinh-quang-ninh", "quang-ninh", "officer"),
        ("khoi-quang-ninh", BLOC, "secretary"),
    ):
        made = create_account(
            login,
            name=login,
            language="en",
            unit=units[at],
            password=PASSWORD,
            chosen=True,
            on=SINCE,
            by=SYSTEM,
        )
        grant_powers(made, units[at], role, start=SINCE, on=SINCE, by=SYSTEM)


def add_step(page: Page, **fields: str) -> None:
    page.locator("details summary", has_text="For new names").click()
    for name, value in fields.items():
        if name in ("do", "kind", "by"):
            page.select_option(f"select[name={name}]", value)
        else:
            page.fill(f"main [name={name}]", value)
    press(page, "Add the step")


def test_the_bloc_of_quang_ninh_becomes_two_committees(people: People, today: Today) -> None:
    people_of_quang_ninh()
    officer = people.sign_in("tinh-quang-ninh")
    main = officer.locator("main")
    officer.goto("/reforms/")
    officer.get_by_role("link", name="Draft a reform").click()
    officer.fill("main [name=title]", "Hai đảng bộ thay cho Khối các cơ quan tỉnh")
    officer.fill("main [name=code]", "khoi-2025")
    officer.fill("main [name=on]", "2025-02-01")
    press(officer, "Draft it")
    new = {"do": "found", "kind": "bloc", "parent": "quang-ninh"}
    add_step(officer, **new, unit="qn-co-quan-dang", name="Đảng bộ các cơ quan Đảng tỉnh")
    add_step(officer, **new, unit="qn-ubnd", name="Đảng bộ Ủy ban nhân dân tỉnh")
    parts = "2/3 qn-co-quan-dang: qn-ban-to-chuc\n1/3 qn-ubnd: qn-so-y-te"
    add_step(officer, do="split", unit=BLOC, parts=parts)
    expect(main).to_contain_text("2/3 qn-co-quan-dang; 1/3 qn-ubnd")
    officer.get_by_role("link", name="Back to the reform").click()

    press(officer, "Rehearse")
    expect(main).to_contain_text("3 objects have no owner yet")
    expect(main).to_contain_text("Nothing has to be put right")
    press(officer, "Ask for approval")
    expect(officer.locator("body")).to_contain_text("are asked to approve")
    approve(officer)
    address = officer.url
    bloc = people.sign_in("khoi-quang-ninh", screen=PHONE)
    bloc.goto(address)
    assert is_within(bloc)
    approve(bloc)
    expect(bloc.locator("main")).to_contain_text("The reform is approved")
    expect(bloc.get_by_role("button", name="Execute the reform")).to_have_count(0)

    officer.goto(address)
    officer.get_by_role("combobox", name="khoi-quang-ninh: Accounts").select_option("to:qn-ubnd")
    press(officer, "Decide as chosen")
    expect(main).to_contain_text("2 objects have no owner yet")
    press(officer, "Execute the reform")
    expect(officer.locator("body")).to_contain_text("Nobody has decided what becomes of these (2)")
    for row in officer.get_by_role("row").filter(has_text="not decided").all():
        row.get_by_role("combobox").select_option("to:qn-co-quan-dang")
    press(officer, "Decide as chosen")
    expect(main).to_contain_text("Everything is decided")
    found = Axe().run(officer)
    assert not found.violations_count, found.generate_report()
    press(officer, "Execute the reform")
    expect(officer.locator("body")).to_contain_text("The reform is executed")

    officer.get_by_role("link", name="things are left to look at after it").click()
    expect(main).to_contain_text("Đảng bộ Ban Tổ chức Tỉnh ủy")
    expect(main).to_contain_text("Review your year's programme")
    found = Axe().run(officer)
    assert not found.violations_count, found.generate_report()
    today("2025-02-03")
    secretary = people.sign_in("khoi-quang-ninh", screen=PHONE)
    secretary.goto("/reforms/work/")
    expect(secretary.locator("main")).to_contain_text("Đảng bộ các cơ quan Đảng tỉnh")
    assert is_within(secretary)
