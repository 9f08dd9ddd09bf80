"""Years held against each other over a reform: of the same units, and marked where that is estimated."""

from datetime import date

import pytest

from plenum.figures.queries import comparable
from plenum.figures.tests.factories import dissolve, move, oblige, plant, report
from plenum.figures.tests.test_divided import divide
from plenum.figures.tests.test_figures import Tree, tree
from plenum.periods import Period
from plenum.targets.queries import standing
from plenum.targets.wording import flag_text
from plenum.tree.models import Lineage, Unit

__all__ = ["tree"]
pytestmark = pytest.mark.django_db

EFFECT, TODAY = date(2024, 1, 1), date(2024, 12, 31)
YEAR = Period.of_year(2024)


def change(unit: Unit, tree: date | None = None) -> tuple[object, ...]:
    row = standing(unit.pk, YEAR, tree=tree, today=TODAY).row("members.admitted")
    assert row is not None
    on_last_year = row.change.same_period_last_year
    return (
        row.figure.value,
        row.last_year.value,
        on_last_year and (on_last_year.amount, on_last_year.estimated),
    )


def test_a_unit_that_took_others_in_is_held_against_all_of_them(tree: Tree) -> None:
    report(tree.one, "2023-03", {"members_admitted": 6})
    report(tree.two, "2023-03", {"members_admitted": 5})
    report(tree.two, "2024-03", {"members_admitted": 14})
    dissolve(tree.one, EFFECT)
    Lineage.objects.create(predecessor=tree.one, successor=tree.two, on_date=EFFECT, how="merged")
    assert change(tree.two) == (14, 11, (3, False))


def test_successors_of_a_divided_unit_are_held_against_their_parts(tree: Tree) -> None:
    four = plant("four", "commune_committee", tree.d_south, EFFECT)
    oblige(four, since=EFFECT)
    report(tree.one, "2023-03", {"members_admitted": 12})
    report(tree.two, "2023-03", {"members_admitted": 1})
    report(tree.two, "2024-03", {"members_admitted": 10})
    report(four, "2024-03", {"members_admitted": 7})
    divide(tree.one, EFFECT, two="1/4", four="3/4")
    assert change(tree.two) == (10, 4, (6, True))
    assert change(four) == (7, 9, (-2, True))
    assert change(tree.root) == (17, 13, (4, False))
    assert change(four, tree=date(2023, 12, 31)) == (7, None, None), "a tree that is asked for is kept"


def test_units_above_are_held_against_what_counts_there_now(tree: Tree) -> None:
    for unit, value in ((tree.one, 6), (tree.two, 5), (tree.three, 2)):
        report(unit, "2023-03", {"members_admitted": value})
    report(tree.two, "2024-03", {"members_admitted": 7})
    report(tree.three, "2024-03", {"members_admitted": 9})
    dissolve(tree.one, EFFECT)
    Lineage.objects.create(predecessor=tree.one, successor=tree.three, on_date=EFFECT, how="merged")
    assert change(tree.south) == change(tree.d_south) == change(tree.three) == (9, 8, (1, False))
    assert change(tree.north) == change(tree.d_north) == change(tree.two) == (7, 5, (2, False))
    assert change(tree.root) == (16, 13, (3, False))
    days = {unit: comparable(unit.pk, date(2023, 1, 1), TODAY, None) for unit in (tree.south, tree.north)}
    assert days == {tree.south: TODAY, tree.north: TODAY}
    for unit in (tree.root, tree.two, tree.one):
        assert comparable(unit.pk, date(2023, 1, 1), TODAY, None) is None, (
            "nothing came here, and nothing left"
        )


def test_who_moves_within_the_year_counts_where_it_is_in_both_years(tree: Tree) -> None:
    """The figure that is shown has each return where it was made; what is compared is said beside it."""
    report(tree.three, "2023-03", {"members_admitted": 4})
    report(tree.two, "2023-03", {"members_admitted": 1})
    report(tree.three, "2024-03", {"members_admitted": 3})
    move(tree.three, tree.d_north, date(2024, 7, 1))
    report(tree.three, "2024-09", {"members_admitted": 5})
    assert change(tree.north) == (5, 5, (3, False))
    assert change(tree.south) == (3, None, None)
    assert change(tree.three) == (8, 4, (4, False))
    stands = standing(tree.north.pk, YEAR, today=TODAY)
    row = stands.row("members.admitted")
    assert row is not None
    assert (stands.compared_on, row.same_units and row.same_units.value) == (TODAY, 8)
    [said] = [flag_text(flag) for flag in row.flags if flag.code == "compared_same_units"]
    assert said.startswith("Compared with last year: 8, what the units that count here")


def test_regrouping_within_a_unit_changes_nothing_for_it(tree: Tree) -> None:
    other = plant("d-other", "district", tree.north)
    move(tree.two, other, EFFECT)
    compared = {
        unit.code: comparable(unit.pk, date(2023, 1, 1), TODAY, None)
        for unit in (tree.north, tree.d_north, other, tree.two, tree.south)
    }
    assert compared == {"north": None, "d-north": TODAY, "d-other": TODAY, "two": None, "south": None}


def test_what_was_not_reformed_since_is_compared_as_it_was(tree: Tree) -> None:
    divide(tree.one, EFFECT, two="1/4", three="3/4")
    assert comparable(tree.two.pk, date(2023, 1, 1), TODAY, None) == TODAY
    assert comparable(tree.two.pk, EFFECT, TODAY, None) is None
    assert comparable(tree.root.pk, date(2023, 1, 1), TODAY, None) is None
    assert comparable(tree.two.pk, date(2023, 1, 1), TODAY, EFFECT) == EFFECT
