"""Figures of units for periods: sums over the tree of each month, stocks, ratios, the register, what was known when."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from plenum.figures.actions import accept_return, correct_return, save_draft, submit_return
from plenum.figures.models import Return, Rollup
from plenum.figures.queries import (
    behind,
    by_child,
    figures,
    figures_of,
    league,
    returns_behind,
    rollups_recounted,
    series,
    start_of_year,
)
from plenum.figures.queries.latest import latest_year
from plenum.figures.queries.sums import reported_periods
from plenum.figures.tests.factories import SUMMARY, SYSTEM, dissolve, move, oblige, plant, report
from plenum.periods import Period
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2023)


@dataclass
class Tree:
    root: Unit
    north: Unit
    south: Unit
    d_north: Unit
    d_south: Unit
    one: Unit
    two: Unit
    three: Unit


@pytest.fixture
def tree(db: None) -> Tree:
    root = plant("root", "centre", None)
    north, south = plant("north", "province", root), plant("south", "province", root)
    district, other = plant("d-north", "district", north), plant("d-south", "district", south)
    one, two = (plant(code, "commune_committee", district) for code in ("one", "two"))
    three = plant("three", "commune_committee", other)
    for unit in (one, two, three):
        oblige(unit)
    return Tree(root, north, south, district, other, one, two, three)


def admitted(unit: Unit, period: Period = YEAR, known_on: date | None = None) -> int | None:
    return figures(unit.pk, period, known_on=known_on)["members.admitted"].value


def total(unit: Unit, period: Period = YEAR, known_on: date | None = None) -> int | None:
    return figures(unit.pk, period, known_on=known_on)["members.total"].value


def correct(returned: Return, values: dict[str, int | None], on: date) -> Return:
    draft = correct_return(returned.pk, "miscounted", on=on, by=SYSTEM)
    saved = save_draft(
        draft.unit_id, draft.form, draft.period, values, edition=draft.edition, on=on, by=SYSTEM
    )
    submit_return(saved.pk, on=on, by=SYSTEM)
    return accept_return(saved.pk, on=on, by=SYSTEM)


def test_nothing_reported_is_not_known(tree: Tree) -> None:
    figure = figures(tree.root.pk, YEAR)["members.admitted"]
    assert (figure.value, figure.reported_by, figure.is_known) == (None, 0, False)


def test_flows_add_up_along_the_tree(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 2})
    report(tree.one, "2023-02", {"members_admitted": 3})
    report(tree.two, "2023-02", {"members_admitted": 0})
    report(tree.three, "2023-03", {"members_admitted": 7})
    assert [admitted(unit) for unit in (tree.one, tree.two, tree.north, tree.south, tree.root)] == [
        5, 0, 5, 7, 12
    ]  # fmt: skip
    assert figures(tree.root.pk, YEAR)["members.admitted"].reported_by == 3
    assert admitted(tree.root, Period.parse("2023-02")) == 3
    assert rollups_recounted() == []


def test_a_return_that_sticks_out_of_the_period_is_left_out(tree: Tree) -> None:
    report(tree.one, "2023-03", {"members_admitted": 1})
    four = plant("four", "commune_committee", tree.one.placements.get().parent)
    oblige(four, schedule="quarter")
    report(four, "2023-Q1", {"members_admitted": 10})
    assert admitted(tree.north, Period.parse("2023-03")) == 1
    assert admitted(tree.north, Period.parse("2023-Q1")) == 11
    assert admitted(tree.north, Period.parse("2023-9M")) == 11


def test_stocks_take_the_latest_of_the_year(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_total": 10})
    report(tree.one, "2023-06", {"members_total": 12})
    report(tree.two, "2023-12", {"members_total": 100})
    figure = figures(tree.root.pk, YEAR)["members.total"]
    assert (figure.value, figure.reported_by, figure.carried_from) == (112, 2, 1)
    assert total(tree.root, Period.parse("2023-Q1")) == 10
    assert total(tree.root, Period.parse("2024-01")) is None
    assert start_of_year(tree.root.pk, Period.parse("2024-Q3"))["members.total"].value == 112


def test_a_stock_of_a_slot_that_was_left_out_is_carried_too(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_total": 10})
    report(tree.one, "2023-02", {"members_admitted": 1})
    assert total(tree.north, Period.parse("2023-02")) == 10


def test_ratios_are_made_of_summed_parts(tree: Tree) -> None:
    report(tree.one, "2023-12", {"village_heads": 10, "village_heads_members": 9})
    report(tree.two, "2023-12", {"village_heads": 120, "village_heads_members": 112})
    figure = figures(tree.north.pk, YEAR)["leaders.village_heads_share"]
    assert (figure.numerator, figure.denominator, figure.value) == (121, 130, None)
    assert figure.ratio == Fraction(121, 130)


def test_a_move_divides_the_year(tree: Tree) -> None:
    for month in ("2023-01", "2023-02", "2023-03"):
        report(tree.one, month, {"members_admitted": 1, "members_total": 10})
    move(tree.one, tree.south, date(2023, 2, 15))
    assert (admitted(tree.north), admitted(tree.south), admitted(tree.root)) == (1, 2, 3)
    assert (total(tree.north), total(tree.south)) == (None, 10)
    assert rollups_recounted() == []
    report(tree.one, "2023-04", {"members_admitted": 5})
    assert (admitted(tree.north), admitted(tree.south), admitted(tree.root)) == (1, 7, 8)
    assert rollups_recounted() == []


def test_a_dissolved_unit_keeps_its_flows_and_loses_its_stock(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 1, "members_total": 10})
    dissolve(tree.one, date(2023, 3, 10))
    report(tree.one, "2023-03", {"members_admitted": 4, "members_total": 11})
    assert (admitted(tree.north), admitted(tree.root)) == (5, 5)
    assert total(tree.north, Period.parse("2023-02")) == 10
    assert total(tree.north, Period.parse("2023-03")) is None
    assert rollups_recounted() == []


def test_the_root_is_exact_when_a_branch_moves_after_a_unit_in_it_ended(tree: Tree) -> None:
    report(tree.one, "2023-03", {"members_admitted": 4})
    dissolve(tree.one, date(2023, 3, 10))
    move(tree.north, tree.south, date(2023, 3, 20))
    report(tree.two, "2023-03", {"members_admitted": 1})
    assert (admitted(tree.root), admitted(tree.north), admitted(tree.south)) == (5, 5, 1)
    assert rollups_recounted() == []


def test_a_correction_changes_what_was_known_only_from_its_day(tree: Tree) -> None:
    first = report(tree.one, "2023-01", {"members_admitted": 5, "members_total": 9}, on=date(2023, 2, 3))
    correct(first, {"members_admitted": 3, "members_total": None}, date(2023, 6, 1))
    assert (admitted(tree.root), total(tree.root)) == (3, None)
    for day, wanted in (
        (date(2023, 2, 2), (None, None)),
        (date(2023, 2, 3), (5, 9)),
        (date(2023, 5, 31), (5, 9)),
        (date(2023, 6, 1), (3, None)),
    ):
        assert (admitted(tree.root, known_on=day), total(tree.root, known_on=day)) == wanted


def test_accepted_figures_stand_while_a_correction_is_open(tree: Tree) -> None:
    first = report(tree.one, "2023-01", {"members_admitted": 5})
    draft = correct_return(first.pk, "miscounted", on=date(2023, 3, 1), by=SYSTEM)
    saved = save_draft(
        tree.one.pk,
        draft.form,
        draft.period,
        {"members_admitted": 1},
        edition=draft.edition,
        on=date(2023, 3, 1),
        by=SYSTEM,
    )
    submit_return(saved.pk, on=date(2023, 3, 2), by=SYSTEM)
    assert admitted(tree.root) == 5


def test_the_register_counts_kinds_below(tree: Tree) -> None:
    plant("cell", "grassroots_cell", tree.one.placements.get().parent)
    figure = figures(tree.north.pk, YEAR)["organisations.grassroots"]
    assert figure.value == 3
    assert {part.code: part.value for part in figure.parts} == {
        "commune_committee": 2,
        "agency_committee": 0,
        "grassroots_cell": 1,
    }
    assert figures(tree.one.pk, YEAR)["organisations.grassroots"].value is None
    assert figures(tree.north.pk, Period.of_year(2019))["organisations.grassroots"].value is None


def test_illustrative_figures_mark_every_sum_they_are_in(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 5, "members_total": 9}, illustrative=("members_total",))
    found = figures(tree.root.pk, YEAR)
    assert found["members.total"].illustrative
    assert not found["members.admitted"].illustrative


def test_breakdown(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 5, "admitted_women": 2, "admitted_men": 3})
    parts = figures(tree.root.pk, YEAR)["members.admitted"].parts
    assert [(part.code, part.value) for part in parts] == [("admitted_women", 2), ("admitted_men", 3)]


def test_two_forms_with_one_slot_are_one_figure(tree: Tree) -> None:
    west = plant("west", "province", tree.root)
    oblige(west, SUMMARY, "year")
    report(west, "2023", {"members_admitted": 2041}, form=SUMMARY)
    report(tree.one, "2023-01", {"members_admitted": 5})
    assert admitted(tree.root) == 2046


def test_series_follow_the_coarsest_schedule_below(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 1, "members_total": 10})
    report(tree.one, "2023-02", {"members_admitted": 2})
    points = series(tree.north.pk, "members.admitted", 2023)
    assert [point.period.code for point in points] == [f"2023-{month:02}" for month in range(1, 13)]
    assert [point.figure.value for point in points] == [1, 2] + [None] * 10
    stocks = series(tree.north.pk, "members.total", 2023)
    assert [point.figure.value for point in stocks] == [10, 10] + [None] * 10
    west = plant("west", "province", tree.root)
    oblige(west, SUMMARY, "nine_months_and_quarter")
    report(west, "2023-9M", {"members_admitted": 100}, form=SUMMARY)
    points = series(tree.root.pk, "members.admitted", 2023)
    assert [(point.period.code, point.figure.value) for point in points] == [
        ("2023-9M", 103), ("2023-10", None), ("2023-11", None), ("2023-12", None)
    ]  # fmt: skip


def test_by_child_lists_units_of_the_last_day(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 5})
    found = by_child(tree.root.pk, "members.admitted", YEAR)
    assert [(share.unit.code, share.figure.value) for share in found] == [("north", 5), ("south", None)]


def test_a_child_adds_what_it_brought_while_it_stood_there(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 5, "members_total": 9})
    move(tree.one, tree.d_south, date(2023, 3, 1))
    report(tree.one, "2023-04", {"members_admitted": 2, "members_total": 11})
    left = by_child(tree.d_north.pk, "members.admitted", YEAR)
    assert [(share.unit.code, share.stands, share.figure.value, share.whole.value) for share in left] == [
        ("two", "below", None, None),
        ("one", "left", 5, 5),
    ]
    come = {share.unit.code: share for share in by_child(tree.d_south.pk, "members.admitted", YEAR)}
    assert (come["one"].figure.value, come["one"].whole.value, come["one"].is_part) == (2, 7, True)
    total = {share.unit.code: share for share in by_child(tree.d_south.pk, "members.total", YEAR)}
    assert (total["one"].figure.value, total["one"].is_part) == (11, False)


def test_what_a_unit_reported_itself_is_a_share_of_its_own(tree: Tree) -> None:
    west = plant("west", "province", tree.root)
    oblige(west, SUMMARY, "quarter")
    report(west, "2023-Q1", {"members_admitted": 3}, form=SUMMARY)
    assert by_child(west.pk, "members.admitted", YEAR) == [], "there is nothing to take apart"
    move(tree.d_south, west, date(2023, 4, 1))
    report(tree.three, "2023-05", {"members_admitted": 5})
    found = by_child(west.pk, "members.admitted", YEAR)
    assert [(share.unit.code, share.stands, share.figure.value) for share in found] == [
        ("d-south", "below", 5),
        ("west", "itself", 3),
    ]


def test_what_a_unit_brought_before_its_end_stays(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 5})
    dissolve(tree.one, date(2023, 6, 1))
    above = by_child(tree.d_north.pk, "members.admitted", YEAR)
    assert ("one", "left", 5) in [(share.unit.code, share.stands, share.figure.value) for share in above]


def test_the_register_is_shared_out_too(tree: Tree) -> None:
    whole = figures(tree.root.pk, YEAR)["organisations.grassroots"].value
    shared = [share.figure.value or 0 for share in by_child(tree.root.pk, "organisations.grassroots", YEAR)]
    assert sum(shared) == whole
    below = by_child(tree.d_north.pk, "organisations.grassroots", YEAR)
    assert {share.unit.code: share.figure.value for share in below} == {"one": 1, "two": 1}


def test_in_the_league_equal_figures_share_a_rank_and_the_silent_have_none(tree: Tree) -> None:
    third = plant("third", "commune_committee", tree.d_north)
    oblige(third)
    plant("fourth", "commune_committee", tree.d_north)
    for unit, admitted in ((tree.one, 4), (tree.two, 8), (third, 4)):
        report(unit, "2023-01", {"members_admitted": admitted})
    found = league(tree.d_north.pk, "members.admitted", YEAR)
    assert [(place.rank, place.of.unit.code, place.size) for place in found.places] == [
        (1, "two", Fraction(100)),
        (2, "one", Fraction(50)),
        (2, "third", Fraction(50)),
    ]
    assert [share.unit.code for share in found.silent] == ["fourth"]
    by_name = league(tree.d_north.pk, "members.admitted", YEAR, by_name=True)
    assert [place.of.unit.code for place in by_name.places] == ["one", "third", "two"]


def test_a_roll_up_that_a_move_has_emptied_counts_as_nothing(tree: Tree) -> None:
    report(tree.one, "2023-04", {"members_admitted": 5})
    move(tree.one, tree.d_south, date(2020, 1, 1))
    assert Rollup.objects.filter(unit=tree.d_north, month=date(2023, 4, 1)).exists()
    assert latest_year(tree.d_north.pk, date(2024, 6, 1)) == Period.of_year(2024)
    assert latest_year(tree.d_south.pk, date(2024, 6, 1)) == YEAR
    assert reported_periods([tree.d_north.pk], ["members_admitted"], 2023) == {}
    assert not any(point.figure.is_known for point in series(tree.d_north.pk, "members.admitted", 2023))


def test_behind_a_figure_are_returns_that_add_up_to_it(tree: Tree) -> None:
    report(tree.one, "2023-01", {"members_admitted": 5, "members_total": 9})
    report(tree.one, "2023-02", {"members_admitted": 1, "members_total": 10})
    report(tree.two, "2023-02", {"members_admitted": 2})
    flows = returns_behind(tree.root.pk, "members.admitted", YEAR)
    assert [(each.unit.code, each.period.code, each.values) for each in flows] == [
        ("one", "2023-01", {"members_admitted": 5}),
        ("one", "2023-02", {"members_admitted": 1}),
        ("two", "2023-02", {"members_admitted": 2}),
    ]
    assert {(each.entered_by, each.accepted_by, each.version) for each in flows} == {("test", "test", 1)}
    stocks = returns_behind(tree.root.pk, "members.total", YEAR)
    assert [(each.period.code, each.values, each.carried) for each in stocks] == [
        ("2023-02", {"members_total": 10}, True)
    ]
    assert returns_behind(tree.root.pk, "organisations.grassroots", YEAR) == []


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_returns_behind_a_figure_are_read_piece_by_piece(
    tree: Tree, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are found with their number, a piece from anywhere is the same part of the whole list."""
    monkeypatch.setattr(behind, "AT_ONCE", at_once)
    for month in range(1, 4):
        for number, unit in enumerate((tree.one, tree.two), start=1):
            report(unit, f"2023-{month:02}", {"members_admitted": month * number})
    places = [("one", 1), ("one", 2), ("one", 3), ("two", 2), ("two", 4), ("two", 6)]
    for start in range(7):
        for stop in range(start, 7):
            found = returns_behind(tree.root.pk, "members.admitted", YEAR)
            assert len(found) == 6
            piece = [(each.unit.code, each.values["members_admitted"]) for each in found[start:stop]]
            assert piece == places[start:stop], (start, stop)


@pytest.mark.parametrize("how_many", [1, 3])
def test_queries_do_not_grow_with_the_tree(
    tree: Tree, how_many: int, django_assert_num_queries: object
) -> None:
    for number in range(how_many):
        unit = plant(f"p{number}", "province", tree.root)
        oblige(unit, SUMMARY, "quarter")
        for quarter in ("Q1", "Q2"):
            report(unit, f"2023-{quarter}", {"members_admitted": 1, "members_total": 5}, form=SUMMARY)
    with django_assert_num_queries(5):  # type: ignore[operator]
        figures(tree.root.pk, YEAR)
    with django_assert_num_queries(5):  # type: ignore[operator]
        figures_of([tree.root.pk, tree.north.pk, tree.south.pk], YEAR)
    with django_assert_num_queries(7):  # type: ignore[operator]
        by_child(tree.root.pk, "members.admitted", YEAR)
    with django_assert_num_queries(2):  # type: ignore[operator]
        series(tree.root.pk, "members.total", 2023)
    with django_assert_num_queries(6):  # type: ignore[operator]
        list(returns_behind(tree.root.pk, "members.admitted", YEAR))
