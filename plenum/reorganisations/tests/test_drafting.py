"""The drafting table: units picked, one form for each deed, trees side by side, faults at the step, order, undo."""

from typing import Any

import pytest
from django.test import Client

from plenum.directives.actions import DocumentFields, register_document
from plenum.reorganisations.models import Reform
from plenum.reorganisations.queries import plan_of
from plenum.reorganisations.rules import ChangeKind, Dissolve, Found, Merge, Move, NewUnit, Rename, Split
from plenum.reorganisations.tests.factories import Bloc, make_bloc
from tests.cast import DAY, SYSTEM, Cast

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {
    "part0-kind": "bloc",
    "part0-parent": "north",
    "part1-kind": "bloc",
    "part1-parent": "north",
}
"""What the form of a division suggests for its parts."""


@pytest.fixture
def bloc(cast: Cast) -> Bloc:
    return make_bloc(cast)


@pytest.fixture
def officer(bloc: Bloc) -> Client:
    client = Client()
    client.force_login(bloc.officer)
    return client


@pytest.fixture
def reform(officer: Client) -> Reform:
    officer.post("/units/north/reforms/draft/", {"title": "Cải cách 2025", "on": "2025-02-01"})
    return Reform.objects.get(code="cai-cach-2025")


def add(officer: Client, reform: Reform, do: str, status: int = 302, **fields: Any) -> str:
    """Send the form of a step; gives the page that answers when it is refused."""
    reform.refresh_from_db()
    data = {"do": do, "edition": str(reform.edition), **fields}
    answer = officer.post(f"/reforms/{reform.pk}/step/", data)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def table(officer: Client, reform: Reform, query: str = "") -> str:
    answer = officer.get(f"/reforms/{reform.pk}/steps/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def change(officer: Client, reform: Reform, what: str, status: int = 302, **fields: Any) -> str:
    reform.refresh_from_db()
    data = {"what": what, "edition": str(reform.edition), **fields}
    answer = officer.post(f"/reforms/{reform.pk}/steps/", data, follow=status == 200)
    assert answer.status_code == status
    return answer.content.decode()


def steps(reform: Reform) -> tuple[object, ...]:
    return plan_of(Reform.objects.get(pk=reform.pk)).steps


def test_every_deed_gives_its_steps(officer: Client, reform: Reform) -> None:
    add(officer, reform, "found", name="Đảng bộ Mới", kind="bloc", parent="Đảng bộ tỉnh Bắc Sơn (north)")
    add(
        officer,
        reform,
        "move",
        pick=["bloc-board", "bloc-tax"],
        units=["bloc-board", "bloc-tax"],
        to="Đảng bộ Mới",
    )
    add(officer, reform, "rename", unit="bloc-tax", name="Đảng bộ Thuế tỉnh")
    add(officer, reform, "change_kind", pick="tax-cell", units="tax-cell", kind="cell")
    add(officer, reform, "dissolve", also="Chi bộ Phòng Kiểm tra")
    add(officer, reform, "merge", pick="bloc-court", units="bloc-court", also="bloc-tax", into="bloc-board")
    add(officer, reform, "end_level", kind="bloc")
    found = steps(reform)
    assert found[0] == Found(unit=NewUnit("dang-bo-moi", "Đảng bộ Mới", "bloc", "north"))
    assert found[1:3] == (Move(unit="bloc-board", to="dang-bo-moi"), Move(unit="bloc-tax", to="dang-bo-moi"))
    assert found[3] == Rename(unit="bloc-tax", name="Đảng bộ Thuế tỉnh")
    assert found[4] == ChangeKind(unit="tax-cell", kind="cell")
    assert found[5] == Dissolve(unit="tax-cell")
    assert found[6] == Merge(from_=("bloc-court", "bloc-tax"), into="bloc-board")
    for number in range(1, len(found) + 1):
        page = officer.get(f"/reforms/{reform.pk}/step/?step={number}")
        assert page.status_code == 200
        assert f"Step {number}:" in page.content.decode()


def test_a_step_is_changed_from_what_it_says(officer: Client, reform: Reform) -> None:
    add(officer, reform, "merge", pick="bloc-court", units="bloc-court", name="Đảng bộ Mới", kind="agency_committee",
        parent="north-bloc")  # fmt: skip
    shown = officer.get(f"/reforms/{reform.pk}/step/?step=1").content.decode()
    assert 'value="Đảng bộ Mới"' in shown
    assert 'value="dang-bo-moi"' in shown, "the code that was made can be changed"
    add(officer, reform, "merge", step="1", pick="bloc-court", units="bloc-court", into="bloc-board")
    assert steps(reform) == (Merge(from_=("bloc-court",), into="bloc-board"),)


@pytest.mark.parametrize(
    ("by", "shares", "expected"),
    [
        ("list", ("2/3", "1/3"), ["2/3", "1/3"]),
        ("list", ("", ""), ["2/3", "1/3"]),
        ("list", ("40 %", "0,6"), ["2/5", "3/5"]),
        ("area", ("12,5", "37.5"), ["1/4", "3/4"]),
        ("members", ("300", "100"), ["3/4", "1/4"]),
    ],
)
def test_shares_are_reckoned(
    officer: Client, reform: Reform, by: str, shares: tuple[str, str], expected: list[str]
) -> None:
    parts: dict[str, Any] = {"part0-name": "Đảng bộ Đảng", "part1-name": "Đảng bộ Chính quyền", **NEW}
    places: dict[str, Any] = {"child-bloc-board": "0", "child-bloc-court": "0", "child-bloc-tax": "1"}
    given: dict[str, Any] = {"part0-share": shares[0], "part1-share": shares[1]}
    add(
        officer,
        reform,
        "split",
        pick="north-bloc",
        unit="north-bloc",
        by=by,
        parts="2",
        **parts,
        **places,
        **given,
    )
    (step,) = steps(reform)
    assert isinstance(step, Split)
    assert [str(part.share) for part in step.into] == expected
    assert [part.children for part in step.into] == [("bloc-board", "bloc-court"), ("bloc-tax",)]
    page = table(officer, reform)
    assert "goes on in:" in page
    assert "comes from:" in page
    shown = officer.get(f"/reforms/{reform.pk}/step/?step=1").content.decode()
    assert f'value="{expected[0]}"' in shown


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(officer: Client, reform: Reform) -> None:
    said = add(officer, reform, "merge", 422, pick="bloc-tax", units="bloc-tax", into="Không có", name="Mới")
    assert "No unit is called “Không có”" in said
    assert 'value="Mới"' in said
    assert "checked" in said
    said = add(
        officer, reform, "merge", 422, pick="bloc-tax", units="bloc-tax", into="bloc-court", name="Mới"
    )
    assert "not both" in said
    assert "Choose at least one unit" in add(officer, reform, "move", 422, pick="bloc-tax", to="north")
    shares = {
        "part0-share": "1/2",
        "part1-share": "1/3",
        "part0-unit": "bloc-tax",
        "part1-unit": "bloc-court",
    }
    said = add(officer, reform, "split", 422, unit="north-bloc", by="list", parts="2", **shares)
    assert "The shares come to 5/6" in said
    shares |= {"part1-share": "half"}
    said = add(officer, reform, "split", 422, unit="north-bloc", by="list", parts="2", **shares)
    assert "“half” is no share" in said
    said = add(officer, reform, "split", 200, what="part", unit="north-bloc", by="area", parts="2", **shares)
    assert "Part 3" in said
    assert 'value="half"' in said
    assert "This field is required" in add(officer, reform, "rename", 422, unit="bloc-tax")
    assert not steps(reform)


def test_what_speaks_against_a_step_stands_beside_it(officer: Client, reform: Reform) -> None:
    add(officer, reform, "move", also="bloc-tax", to="hill-school")
    add(officer, reform, "dissolve", also="bloc-court")
    add(officer, reform, "dissolve", also="no-such-unit")
    page = table(officer, reform)
    assert "There is no unit no-such-unit" in page
    assert "Drawn without" in page
    assert "ends" in page, "what is sound is drawn all the same"
    number = next(n for n, step in enumerate(steps(reform), 1) if step == Dissolve(unit="no-such-unit"))
    assert "There is no unit" in officer.get(f"/reforms/{reform.pk}/step/?step={number}").content.decode()


def test_steps_are_ordered_removed_and_undone(officer: Client, reform: Reform) -> None:
    for code in ("bloc-tax", "bloc-court", "bloc-board"):
        add(officer, reform, "dissolve", also=code)
    first = steps(reform)
    change(officer, reform, "before", step="3")
    change(officer, reform, "after", step="1")
    assert steps(reform) == (first[2], first[0], first[1])
    change(officer, reform, "remove", step="1")
    assert steps(reform) == (first[0], first[1])
    assert "is undone" in change(officer, reform, "undo", 200)
    assert steps(reform) == (first[2], first[0], first[1])
    for _each in range(5):
        change(officer, reform, "undo")
    assert steps(reform) == ()
    assert "no earlier plan" in change(officer, reform, "undo", 422)
    for wrong in ({"step": "9"}, {"step": "x"}, {}):
        assert officer.post(f"/reforms/{reform.pk}/steps/", {"what": "remove", **wrong}).status_code == 404


def test_two_people_do_not_overwrite_each_other(officer: Client, reform: Reform) -> None:
    add(officer, reform, "dissolve", also="bloc-tax")
    late = officer.post(
        f"/reforms/{reform.pk}/step/", {"do": "dissolve", "also": "bloc-court", "edition": "1"}
    )
    assert late.status_code == 422
    assert "Somebody else has changed this reform meanwhile" in late.content.decode()
    assert 'value="bloc-court"' in late.content.decode()
    assert len(steps(reform)) == 1


def test_units_are_searched_opened_and_stay_picked(officer: Client, reform: Reform) -> None:
    page = table(officer, reform, "q=toa+an&pick=bloc-board")
    assert "Đảng bộ Tòa án" in page
    assert page.count('value="bloc-board"') >= 1
    assert "Chi bộ Phòng Kiểm tra" not in page
    assert "Chi bộ Phòng Kiểm tra" in table(officer, reform, "open=north-bloc&open=bloc-tax")
    assert "No unit answers" in table(officer, reform, "q=zzzz")
    assert (
        "Đảng bộ Tòa án"
        in officer.get(f"/reforms/{reform.pk}/step/?do=merge&pick=bloc-court").content.decode()
    )
    elsewhere = officer.get(f"/reforms/{reform.pk}/step/?do=move&pick=south").content.decode()
    assert "Nam Hải" not in elsewhere, "nobody learns the names of others by their codes"


def test_the_days_of_a_plan_are_looked_at_one_by_one(officer: Client, reform: Reform) -> None:
    add(officer, reform, "dissolve", also="tax-cell")
    add(officer, reform, "rename", unit="bloc-tax", name="Đảng bộ Thuế", on="2025-07-01")
    assert "day=2025-07-01" in table(officer, reform)
    second = table(officer, reform, "day=2025-07-01&open=bloc-tax&open=north-bloc")
    assert "will be called:" in second
    assert "fate-ends" not in second


def test_the_legal_basis_is_a_document(officer: Client, reform: Reform, bloc: Bloc) -> None:
    fields = DocumentFields(
        kind="decision", title="Về tổ chức", day=DAY, number="105", issuing_body="Trung ương"
    )
    document = register_document(bloc.units["north"], fields, on=DAY, by=SYSTEM)
    given: dict[str, Any] = {
        "head-title": "Khác",
        "head-on": "2025-03-01",
        "head-document": str(document.pk),
        "head-basis": "",
    }
    change(officer, reform, "head", **given)
    reform.refresh_from_db()
    assert (reform.title, reform.document_id, reform.on_date.month) == ("Khác", document.pk, 3)
    assert "105" in officer.get(f"/reforms/{reform.pk}/").content.decode()
    change(officer, reform, "undo")
    reform.refresh_from_db()
    assert (reform.title, reform.document_id) == ("Cải cách 2025", None)


def test_a_large_plan_is_worked_out_when_asked(
    officer: Client, reform: Reform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plenum.reorganisations.queries.drafting.MANY_UNITS", 3)
    page = table(officer, reform)
    assert "is large" in page
    assert 'class="sides"' not in page
    assert 'class="sides"' in table(officer, reform, "worked_out=1")
