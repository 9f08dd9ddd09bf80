"""The ledger on a real database: acts dated today, back and ahead, and what they leave in the tree."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from plenum.tree import ledger
from plenum.tree.models import Ancestry, Placement, Unit, UnitName
from plenum.tree.queries import ancestors, history, lineage, search, unit_view, units
from plenum.tree.rules import LONGEST_NAME, Problem, Refused, Strand
from plenum.tree.tests.factories import FOUNDED, small_tree, unit
from plenum.tree.tests.oracle import assert_tree_at_every_date, check_constraints_now, constraint_of

pytestmark = pytest.mark.django_db


def parents_of(code: str) -> list[tuple[str, date]]:
    places = Placement.objects.filter(unit__code=code).order_by("span").values_list("parent__code", "span")
    return [(parent, span.start) for parent, span in places]


def refused_for(caught: "pytest.ExceptionInfo[Refused]") -> list[Problem]:
    return [finding.problem for finding in caught.value.findings]


def test_a_renaming_dated_back_holds_until_the_next() -> None:
    tree = small_tree()
    ledger.rename(tree["commune"], "Second", on=date(2023, 1, 1))
    ledger.rename(tree["commune"], "Between", on=date(2021, 1, 1))
    names = [unit_view("commune", date(year, 6, 1)).name for year in (2020, 2021, 2022, 2023)]
    assert names == ["Commune", "Between", "Between", "Second"]
    ledger.rename(tree["commune"], "Second", on=date(2022, 1, 1))
    assert unit_view("commune", date(2022, 6, 1)).name == "Second"
    assert UnitName.objects.filter(unit=tree["commune"]).count() == 3
    check_constraints_now()


def test_a_move_dated_back_holds_until_the_next_and_takes_all_below_along() -> None:
    tree = small_tree()
    third = unit("third", "district", tree["north"])
    ledger.move(tree["commune"], tree["west"], on=date(2023, 1, 1))
    ledger.move(tree["commune"], third, on=date(2021, 1, 1))
    assert parents_of("commune") == [
        ("east", FOUNDED),
        ("third", date(2021, 1, 1)),
        ("west", date(2023, 1, 1)),
    ]
    for day, line in {
        date(2020, 5, 1): ["centre", "north", "east", "commune"],
        date(2022, 5, 1): ["centre", "north", "third", "commune"],
        date(2024, 5, 1): ["centre", "south", "west", "commune"],
    }.items():
        assert [view.code for view in ancestors(tree["cell-1"].pk, day)] == line
    assert_tree_at_every_date()


def test_a_dissolution_that_later_facts_contradict_is_refused() -> None:
    tree = small_tree()
    ledger.rename(tree["alone"], "Later", on=date(2023, 1, 1))
    with pytest.raises(Refused) as refused:
        ledger.dissolve(tree["alone"], on=date(2022, 1, 1))
    assert refused_for(refused) == [Problem.CHANGED_LATER]
    with pytest.raises(Refused) as refused:
        ledger.dissolve(tree["commune"], on=date(2022, 1, 1))
    assert refused_for(refused) == [Problem.CHILDREN_ALIVE]


def test_dissolving_from_below_and_reopening() -> None:
    tree = small_tree()
    day = date(2022, 1, 1)
    for code in ("cell-1", "cell-2", "commune"):
        ledger.dissolve(tree[code], on=day)
    assert {view.code for view in units(day, under=tree["east"])} == {"east", "alone"}
    with pytest.raises(Refused) as refused:
        ledger.reopen(tree["cell-1"])
    assert refused_for(refused) == [Problem.PARENT_NOT_ALIVE]
    ledger.reopen(tree["commune"])
    ledger.reopen(tree["cell-1"])
    assert unit_view("cell-1", day).alive
    assert_tree_at_every_date()


def test_taking_back_a_move_needs_the_old_parent_to_be_alive() -> None:
    tree = small_tree()
    ledger.move(tree["alone"], tree["west"], on=date(2021, 1, 1))
    ledger.take_back(tree["alone"], Strand.PARENT)
    assert parents_of("alone") == [("east", FOUNDED)]
    ledger.move(tree["alone"], tree["west"], on=date(2021, 1, 1))
    ledger.move(tree["commune"], tree["west"], on=date(2021, 1, 1))
    ledger.dissolve(tree["east"], on=date(2022, 1, 1))
    with pytest.raises(Refused) as refused:
        ledger.take_back(tree["alone"], Strand.PARENT)
    assert refused_for(refused) == [Problem.PARENT_NOT_ALIVE]
    with pytest.raises(Refused) as refused:
        ledger.take_back(tree["alone"], Strand.KIND)
    assert refused_for(refused) == [Problem.NOTHING_TO_TAKE_BACK]


def test_correcting_a_name_adds_no_name() -> None:
    tree = small_tree()
    ledger.correct_name(tree["commune"], "Comune", on=date(2022, 1, 1))
    assert list(UnitName.objects.filter(unit=tree["commune"]).values_list("name", flat=True)) == ["Comune"]
    assert (
        not search("commune", date(2022, 1, 1))
        or search("commune", date(2022, 1, 1))[0].unit.code == "commune"
    )


def test_a_code_is_given_once() -> None:
    tree = small_tree()
    with pytest.raises(Refused) as refused:
        unit("commune", "commune_committee", tree["east"])
    assert refused_for(refused) == [Problem.CODE_TAKEN]


def test_search_finds_old_names_without_diacritics_and_says_when_they_held() -> None:
    tree = small_tree()
    ledger.rename(tree["commune"], "Đảng bộ xã Hội Thịnh", on=date(2021, 1, 1))
    ledger.rename(tree["commune"], "Đảng bộ xã Vân Hội", on=date(2023, 1, 1))
    [hit] = search("hoi THINH", date(2024, 1, 1))
    assert (hit.unit.name, hit.name, hit.is_old) == ("Đảng bộ xã Vân Hội", "Đảng bộ xã Hội Thịnh", True)
    assert (hit.held.start, hit.held.end) == (date(2021, 1, 1), date(2023, 1, 1))
    [now] = search("đang bo xa", date(2024, 1, 1))
    assert (now.name, now.is_old) == ("Đảng bộ xã Vân Hội", False)
    assert search("", date(2024, 1, 1)) == []
    assert search("100%", date(2024, 1, 1)) == []
    assert [hit.unit.code for hit in search("cell 2", date(2024, 1, 1))] == ["cell-2"]
    assert search("cell-2", date(2024, 1, 1), Unit.objects.filter(code="cell-1")) == []


def test_history_and_lineage_tell_everything_in_order() -> None:
    tree = small_tree()
    ledger.dissolve(tree["cell-1"], on=date(2022, 1, 1))
    new = unit("new", "cell", tree["commune"], date(2022, 1, 1))
    ledger.link(tree["cell-1"], new, on=date(2022, 1, 1))
    ledger.rename(new, "Newer", on=date(2023, 1, 1))
    other = unit("other", "commune_committee", tree["west"])
    ledger.move(new, other, on=date(2024, 1, 1))
    assert [(event.what.value, event.on.year) for event in history(new.pk)] == [
        ("founded", 2022), ("came_from", 2022), ("renamed", 2023), ("moved", 2024),
    ]  # fmt: skip
    assert [event.what.value for event in history(tree["cell-1"].pk)] == [
        "founded",
        "dissolved",
        "went_on_in",
    ]
    assert lineage(new.pk, date(2024, 1, 1)).predecessors[0].unit.code == "cell-1"


def test_a_unit_outside_its_life_is_shown_as_on_its_nearest_day() -> None:
    tree = small_tree()
    ledger.rename(tree["alone"], "Second", on=date(2021, 1, 1))
    ledger.dissolve(tree["alone"], on=date(2022, 1, 1))
    before, after = unit_view("alone", date(2019, 1, 1)), unit_view("alone", date(2025, 1, 1))
    assert (before.name, before.alive) == ("Alone", False)
    assert (after.name, after.alive, after.parent_code) == ("Second", False, "east")
    assert [view.code for view in ancestors(tree["alone"].pk, date(2025, 1, 1))] == [
        "centre",
        "north",
        "east",
    ]


def send(sql: str) -> None:
    """Send a statement and let the deferred constraints speak."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        check_constraints_now()


class TestTheDatabaseItself:
    """What the web role may not do by SQL, whatever it sends."""

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO tree_ancestry (ancestor_id, descendant_id, depth, span) VALUES (1, 2, 1, '[2020-01-01,)')",
            "UPDATE tree_ancestry SET depth = 3",
            "DELETE FROM tree_ancestry",
            "TRUNCATE tree_placement CASCADE",
            "ALTER TABLE tree_placement DISABLE TRIGGER ALL",
            "DROP TRIGGER tree_placement_updated ON tree_placement",
            "SET session_replication_role = replica",
        ],
    )
    def test_ancestry_and_triggers_are_out_of_its_hands(self, statement: str) -> None:
        small_tree()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert_tree_at_every_date()

    @pytest.mark.parametrize(
        ("statement", "constraint"),
        [
            (
                "UPDATE tree_placement SET parent_id = {cell-1} WHERE unit_id = {commune}",
                "tree_placement_no_cycle",
            ),
            ("UPDATE tree_placement SET parent_id = unit_id WHERE unit_id = {commune}", "not_below_itself"),
            ("UPDATE tree_placement SET parent_id = NULL WHERE unit_id = {commune}", "one_root_at_a_time"),
            ("UPDATE tree_placement SET span = '[2021-01-01,)' WHERE unit_id = {cell-1}", "covers_lifetime"),
            ("DELETE FROM tree_unitname WHERE unit_id = {cell-1}", "covers_lifetime"),
            ("DELETE FROM tree_unitkind WHERE unit_id = {cell-1}", "covers_lifetime"),
            ("UPDATE tree_unitkind SET span = '[2019-01-01,)' WHERE unit_id = {cell-1}", "while_unit_lives"),
            (
                "INSERT INTO tree_unitkind (unit_id, kind, span) VALUES ({cell-1}, 'cell', '[2021-01-01,2021-02-01)')",
                "one_at_a_time",
            ),
            (
                "WITH life AS (UPDATE tree_unit SET lifetime = '[2020-01-01,2021-01-01)' WHERE id = {commune}), "
                "name AS (UPDATE tree_unitname SET span = '[2020-01-01,2021-01-01)' WHERE unit_id = {commune}), "
                "kind AS (UPDATE tree_unitkind SET span = '[2020-01-01,2021-01-01)' WHERE unit_id = {commune}) "
                "UPDATE tree_placement SET span = '[2020-01-01,2021-01-01)' WHERE unit_id = {commune}",
                "while_parent_lives",
            ),
            ("UPDATE tree_unit SET lifetime = 'empty' WHERE id = {cell-1}", ""),
            ("UPDATE tree_unit SET lifetime = '(,)' WHERE id = {cell-1}", "lives_a_day"),
            ("UPDATE tree_unit SET code = 'Đ' WHERE id = {cell-1}", "code_is_plain"),
        ],
    )
    def test_what_is_no_tree_is_refused(self, statement: str, constraint: str) -> None:
        tree = small_tree()
        check_constraints_now()
        sql = statement.format(**{code: found.pk for code, found in tree.items()})
        with pytest.raises(IntegrityError) as refused:
            send(sql)
        assert constraint in (constraint_of(refused.value) or "")
        assert_tree_at_every_date()

    def test_ancestry_is_small_and_sayable(self) -> None:
        tree = small_tree()
        line = Ancestry.objects.filter(descendant=tree["cell-1"]).order_by("-depth")
        assert list(line.values_list("ancestor__code", "depth")) == [
            ("centre", 4), ("north", 3), ("east", 2), ("commune", 1), ("cell-1", 0),
        ]  # fmt: skip


@pytest.mark.parametrize("sign", ["Ж", "한", "1a", "ß", "²", "ﷺ"])
def test_the_longest_name_is_kept_in_whatever_script(sign: str) -> None:
    name = (sign * LONGEST_NAME)[:LONGEST_NAME]
    unit = ledger.found(code="root", name=name, kind="centre", parent=None, on=date(2020, 1, 1))
    assert unit_view(unit, date(2020, 1, 1)).name == name
