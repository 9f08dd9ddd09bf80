"""The bloc of provincial agencies of Quảng Ninh becomes two committees, in the browser from draft to worklist."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from plenum.access.actions import create_account, grant_powers
from plenum.journal.actor import Actor
from plenum.site.demo.load import PASSWORD
from plenum.tree import ledger
from plenum.tree.models import Unit
from tests.journeys.barriers import barriers
from tests.journeys.people import PHONE, People, Today, is_within

SYSTEM = Actor.system("journey")
SINCE = date(2024, 1, 1)
BLOC = "khoi-cac-co-quan-quang-ninh"
NAME_OF_BLOC = "Đảng bộ Khối các cơ quan tỉnh Quảng Ninh"


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


def divide_by_picking(page: Page) -> None:
    """Pick the bloc in the tree and divide it into two new committees, with what stands below."""
    page.get_by_role("checkbox", name=NAME_OF_BLOC).first.check()
    press(page, "Divide a unit")
    for number, name in enumerate(("Đảng bộ các cơ quan Đảng tỉnh", "Đảng bộ Ủy ban nhân dân tỉnh")):
        page.fill(f"[name=part{number}-name]", name)
    page.fill("[name=part0-code]", "qn-co-quan-dang")
    page.fill("[name=part0-share]", "2/3")
    page.fill("[name=part1-code]", "qn-ubnd")
    page.fill("[name=part1-share]", "2/3")
    page.select_option("[name=child-qn-ban-to-chuc]", "0")
    page.select_option("[name=child-qn-so-y-te]", "1")
    press(page, "Add the step")
    expect(page.get_by_role("alert")).to_contain_text("The shares come to 4/3. Together they must be 1.")
    page.fill("[name=part1-share]", "1/3")
    press(page, "Add the step")
    expect(page.locator(".side-before")).to_contain_text("goes on in: 2/3 Đảng bộ các cơ quan Đảng tỉnh")
    after = page.locator(".side-after")
    expect(after).to_contain_text("takes over: 1/3 Đảng bộ Khối các cơ quan tỉnh Quảng Ninh")
    expect(after).to_contain_text("Đảng bộ Sở Y tế")


def no_fault(page: Page) -> None:
    assert barriers(page) == []
    assert is_within(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_the_bloc_of_quang_ninh_becomes_two_committees(
    people: People, today: Today, *, javascript: bool
) -> None:
    people_of_quang_ninh()
    officer = people.sign_in("tinh-quang-ninh", javascript=javascript)
    main = officer.locator("main")
    officer.goto("/reforms/")
    officer.get_by_role("link", name="Draft a reform").click()
    officer.fill("main [name=title]", "Hai đảng bộ thay cho Khối các cơ quan tỉnh")
    officer.fill("main [name=on]", "2025-02-01")
    press(officer, "Draft it")
    divide_by_picking(officer)
    if javascript:
        no_fault(officer)
        drag(officer)
    officer.get_by_role("link", name="On to the rehearsal").click()

    press(officer, "Rehearse")
    expect(main).to_contain_text("3 objects have no owner yet")
    expect(main).to_contain_text("Nothing has to be put right")
    press(officer, "Ask for approval")
    expect(officer.locator("body")).to_contain_text("are asked to approve")
    approve(officer)
    address = officer.url.partition("#")[0]
    bloc = people.sign_in("khoi-quang-ninh", screen=PHONE, javascript=javascript)
    bloc.goto(f"/units/{BLOC}/board/")
    bloc.get_by_role("link", name="Reform to approve").click()
    assert is_within(bloc)
    approve(bloc)
    expect(bloc.locator("main")).to_contain_text("The reform is approved")
    expect(bloc.get_by_role("link", name="On to the execution")).to_have_count(0)

    officer.goto(address)
    officer.get_by_role("combobox", name="khoi-quang-ninh: Accounts", exact=False).select_option("to:qn-ubnd")
    press(officer, "Decide as chosen")
    expect(main).to_contain_text("2 objects have no owner yet")
    officer.get_by_role("link", name="On to the execution").click()
    expect(main).to_contain_text("2 objects wait for a decision")
    execute(officer)
    expect(main).to_contain_text("Nobody has decided what becomes of these (2)")
    officer.get_by_role("link", name="2 objects wait for a decision").click()
    for row in officer.get_by_role("row").filter(has_text="not decided").all():
        row.get_by_role("checkbox").check()
    officer.select_option("[name=as]", "to:qn-co-quan-dang")
    press(officer, "Decide those ticked")
    expect(main).to_contain_text("Everything is decided")
    if javascript:
        no_fault(officer)
    officer.get_by_role("link", name="On to the execution").click()
    execute(officer)
    expect(officer.locator("body")).to_contain_text("The reform is executed")

    officer.get_by_role("link", name="things are left to look at after it").click()
    expect(main).to_contain_text("Đảng bộ Ban Tổ chức Tỉnh ủy")
    expect(main).to_contain_text("Review your year's programme")
    expect(main).to_contain_text("Review your inspection plan")
    officer.get_by_role("link", name="How far each unit is").first.click()
    expect(main).to_contain_text("Of 4 units 4 have not begun")
    if javascript:
        no_fault(officer)
    after_the_day(people, today, javascript=javascript)


def execute(page: Page) -> None:
    page.get_by_role("checkbox", name="I have seen what the rehearsal has found").check()
    press(page, "Execute the reform")


def drag(page: Page) -> None:
    """Drag an agency onto the other committee: the form that opens says what a key would have said."""
    page.locator(".side-before .node[data-code=qn-so-y-te]").drag_to(
        page.locator(".side-after .node[data-code=qn-co-quan-dang]")
    )
    page.wait_for_url("**/step/**")
    assert page.input_value("main [name=to]") == "Đảng bộ các cơ quan Đảng tỉnh (qn-co-quan-dang)"
    expect(page.get_by_role("checkbox", name="Đảng bộ Sở Y tế")).to_be_checked()
    page.get_by_role("link", name="Back to the plan").click()


def after_the_day(people: People, today: Today, *, javascript: bool) -> None:
    """The unit below does its work, the superior follows it, the past answers under the old name."""
    today("2025-02-03")
    secretary = people.sign_in("khoi-quang-ninh", screen=PHONE, javascript=javascript)
    secretary.goto("/units/qn-co-quan-dang/board/")
    secretary.get_by_role("link", name="things to look at after a reform").click()
    expect(secretary.locator("main")).to_contain_text("Đảng bộ các cơ quan Đảng tỉnh")
    assert is_within(secretary)
    secretary.get_by_role("button", name=re.compile("Done.*Review your year's programme")).first.click()
    expect(secretary.locator("body")).to_contain_text("Done.")
    superior = people.sign_in("tinh-quang-ninh", javascript=javascript)
    superior.goto("/reforms/work/units/?state=current")
    expect(superior.locator("main table tbody tr")).to_have_count(1)
    superior.goto("/units/?q=Khối+các+cơ+quan")
    expect(superior.locator("main")).to_contain_text("What became of it:")
    superior.get_by_role("link", name=NAME_OF_BLOC).click()
    expect(superior.locator(".lineage")).to_contain_text("Đảng bộ Ủy ban nhân dân tỉnh")
    superior.get_by_role("link", name="By the reform: Hai đảng bộ").first.click()
    expect(superior.locator("main")).to_contain_text("Another reform can correct it")
    if javascript:
        no_fault(superior)
