"""Loading returns and obligations from sheets: everything or nothing, with the line and column of every fault."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plenum.access.models import Account, Grant
from plenum.figures import powers
from plenum.figures.actions import load_obligations, load_returns
from plenum.figures.models import Obligation, Return
from plenum.figures.queries import figures
from plenum.figures.tests.factories import MONTHLY, SYSTEM, oblige, plant
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.periods import Period, Span
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2023, 3, 10)
JANUARY = Period.parse("2023-01")
SECRETARY = [powers.READ.code, powers.ENTER.code, powers.SUBMIT.code]
OFFICER = [*SECRETARY, powers.ACCEPT.code, powers.OBLIGE.code]


@dataclass
class Tree:
    district: Unit
    secretary: Actor
    officer: Actor


def person(login: str, unit: Unit, held: list[str], span: Span | None = None) -> Actor:
    account = Account.objects.create(login=login, name=login.title())
    Grant.objects.create(
        account=account, unit=unit, role="test", powers=held, span=span or Span(date(2020, 1, 1))
    )
    return Actor(account.pk, account.name)


@pytest.fixture
def tree(db: None) -> Tree:
    province = plant("province", "province", plant("root", "centre", None))
    district = plant("district", "district", province)
    one, two = (plant(code, "commune_committee", district) for code in ("one", "two"))
    for unit in (one, two):
        oblige(unit)
    return Tree(district, person("secretary", one, SECRETARY), person("officer", district, OFFICER))


def row(slot: str, value: str, **changes: str) -> dict[str, str]:
    return {
        "unit": "one",
        "form": MONTHLY,
        "period": "2023-01",
        "on": "2023-02-01",
        "entered_by": "secretary",
        "accepted_by": "The officer before",
        "accepted_on": "2023-02-03",
        "slot": slot,
        "value": value,
        "illustrative": "0",
        "state": "accepted",
    } | changes


def own(slot: str = "members_admitted", value: str = "3", **changes: str) -> dict[str, str]:
    """A row as a person writes it: today, and in their own name."""
    mine = {"on": "", "entered_by": "", "accepted_by": "", "accepted_on": "", "state": "submitted"}
    return row(slot, value, **(mine | changes))


def places(rows: list[dict[str, str]], by: Actor = SYSTEM) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        load_returns(rows, on=TODAY, by=by)
    assert not Return.objects.exists()
    return [message.split(":")[0] for message in refused.value.messages]


def test_loading_does_what_people_do(tree: Tree) -> None:
    rows = [
        row("members_admitted", "3"),
        row("members_admitted", "4", unit="two", state="submitted"),
        row("members_total", "50", illustrative="1"),
        row("members_admitted", "4", period="2023-02", state="draft", on="2023-02-28"),
    ]
    told: list[tuple[int, int]] = []
    loaded = load_returns(rows, on=TODAY, by=SYSTEM, progress=lambda done, total: told.append((done, total)))
    assert [returned.state for returned in loaded] == ["accepted", "submitted", "draft"]
    assert told[-1] == (3, 3)
    version = loaded[0].versions.get()
    assert (version.entered_by, version.entered_by_id) == ("Secretary", tree.secretary.account_id)
    assert loaded[0].steps.get(what="accept").by == "The officer before"
    found = figures(tree.district.pk, JANUARY)
    assert (found["members.admitted"].value, found["members.total"].value) == (3, 50)
    assert found["members.total"].illustrative


@pytest.mark.parametrize(
    ("wrong", "line", "column"),
    [
        ({"unit": "nobody"}, 3, "unit"),
        ({"form": "none"}, 3, "form"),
        ({"period": "2023-13"}, 3, "period"),
        ({"on": "yesterday"}, 3, "on"),
        ({"slot": "nothing"}, 3, "slot"),
        ({"value": "1,5"}, 3, "value"),
        ({"value": "9" * 30}, 3, "value"),
        ({"value": "9" * 5000}, 3, "value"),
        ({"value": "9" * 18, "slot": "members_total"}, 3, "value"),
        ({"value": "9"}, 3, "slot"),
        ({"illustrative": "yes", "period": "2023-03"}, 3, "illustrative"),
        ({"accepted_on": "", "period": "2023-03"}, 3, "accepted_on"),
        ({"state": "lost", "period": "2023-03"}, 3, "state"),
        ({"slot": "members_total", "on": "2023-02-02"}, 3, "on"),
        ({"slot": "admitted_women", "value": "8"}, 2, "value"),
        ({"period": "2018-01"}, 3, "period"),
        ({"unit": "two", "value": "-1"}, 3, "value"),
    ],
)
def test_one_wrong_line_and_nothing_is_loaded(
    tree: Tree, wrong: dict[str, str], line: int, column: str
) -> None:
    found = places([row("members_admitted", "3"), row("members_admitted", "3") | wrong])
    assert f"Line {line}, column {column}" in found


def test_faults_of_cells_and_of_acts_are_told_together(tree: Tree) -> None:
    rows = [
        row("members_admitted", "three", unit="two", on="then"),
        row("members_admitted", "-1"),
    ]
    assert places(rows) == ["Line 2, column on", "Line 2, column value", "Line 3, column value"]


def test_only_the_operator_loads_what_others_did_and_when(tree: Tree) -> None:
    assert places([row("members_admitted", "3", state="draft")], tree.secretary) == [
        "Line 2, column on",
        "Line 2, column entered_by",
        "Line 2, column accepted_by",
    ]
    (loaded,) = load_returns([own()], on=TODAY, by=tree.secretary)
    assert loaded.entered_by == "Secretary"
    assert set(Entry.objects.filter(actor_label="Secretary").values_list("on_date", flat=True)) == {TODAY}


def test_a_unit_out_of_reach_reads_like_one_that_is_not_there(tree: Tree) -> None:
    said = []
    for code in ("two", "nowhere"):
        with pytest.raises(ValidationError) as refused:
            load_returns([own(unit=code)], on=TODAY, by=tree.secretary)
        said.append([message.replace(code, "X") for message in refused.value.messages])
    assert said[0] == said[1]


def test_a_power_that_is_lacking_is_told_at_its_line(tree: Tree) -> None:
    found = places([own(), own(state="accepted", period="2023-02")], tree.secretary)
    assert found == ["Line 3, column unit"]


def test_a_power_of_the_day_in_the_file_does_not_count_today(tree: Tree) -> None:
    unit = Unit.objects.get(code="two")
    former = person("former", unit, SECRETARY, Span(date(2020, 1, 1), date(2023, 3, 1)))
    assert places([own(unit="two", on="2023-02-01")], former) == ["Line 2, column unit", "Line 2, column on"]


def test_loading_obligations(tree: Tree) -> None:
    plant("three", "commune_committee", tree.district)
    plant("four", "commune_committee", tree.district)
    rows = [
        {"unit": "three", "form": MONTHLY, "schedule": "year", "from": "2022-01-01", "until": "2023-01-01"},
        {"unit": "three", "form": MONTHLY, "schedule": "month", "from": "2023-01-01", "until": ""},
        {"unit": "four", "form": MONTHLY, "schedule": "month", "from": "2023-01-01", "until": ""},
    ]
    assert len(load_obligations(rows, on=TODAY, by=SYSTEM)) == 3
    wrong = [
        rows[0] | {"unit": "nobody", "from": "then"},
        rows[0] | {"until": "2021-01-01"},
        rows[0],
    ]
    with pytest.raises(ValidationError) as error:
        load_obligations(wrong, on=TODAY, by=SYSTEM)
    assert [text.split(":")[0] for text in error.value.messages] == [
        "Line 2, column unit",
        "Line 2, column from",
        "Line 3, column until",
        "Line 4, column from",
    ]
    assert Obligation.objects.count() == 5


def test_who_could_oblige_once_loads_no_obligation_with_a_day_of_then(tree: Tree) -> None:
    plant("three", "commune_committee", tree.district)
    line = {"unit": "three", "form": MONTHLY, "schedule": "month", "from": "2022-01-01", "until": ""}
    former = person("former", tree.district, OFFICER, Span(date(2020, 1, 1), date(2023, 3, 1)))
    for by, said in ((former, "There is no unit"), (tree.secretary, "There is no unit")):
        with pytest.raises(ValidationError, match=said):
            load_obligations([line], on=TODAY, by=by)
    load_obligations([line], on=TODAY, by=tree.officer)
    assert Entry.objects.get(actor_label="Officer").on_date == TODAY
