"""Years held against each other over a reform: of the same units, and marked where that is estimated."""

from datetime import date

import pytest

from plenum.figures.queries import comparable
from plenum.figures.tests.factories import dissolve, oblige, plant, report
from plenum.figures.tests.test_divided import divide
from plenum.figures.tests.test_figures import Tree, tree
from plenum.periods import Period
from plenum.targets.queries import standing
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


def test_what_was_not_reformed_since_is_compared_as_it_was(tree: Tree) -> None:
    divide(tree.one, EFFECT, two="1/4", three="3/4")
    assert comparable(tree.two.pk, date(2023, 1, 1), TODAY, None) == TODAY
    assert comparable(tree.two.pk, EFFECT, TODAY, None) is None
    assert comparable(tree.root.pk, date(2023, 1, 1), TODAY, None) is None
    assert comparable(tree.two.pk, date(2023, 1, 1), TODAY, EFFECT) == EFFECT
