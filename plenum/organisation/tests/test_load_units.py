"""Loading units from a table: all of them in any order, or none with every fault named."""

from collections.abc import Mapping

import pytest
from django.core.exceptions import ValidationError

from plenum.organisation.actions import load_units
from plenum.tree.models import Unit
from plenum.tree.queries import lineage, unit_view
from plenum.tree.tests.oracle import assert_tree_at_every_date
from tests.cast import DAY, SYSTEM, Cast, cast

__all__ = ["cast"]


def row(line: str) -> Mapping[str, str]:
    return dict(zip(COLUMNS, line.split(","), strict=True))


COLUMNS = ("code", "kind", "name", "short", "parent", "from", "until", "predecessors", "illustrative")
ROOT = "c,centre,Trung ương,,,1930-02-03,,,0"
PROVINCE = "p,province,Tỉnh ủy,Tỉnh,c,1997-01-01,,,0"
DISTRICT = "d,district,Huyện ủy,,p,1998-01-01,2025-07-01,,1"
CELL = "k,grassroots_cell,Chi bộ,,d,1999-01-01,2025-07-01,,0"


@pytest.mark.django_db
def test_lines_may_come_in_any_order_and_units_may_have_ended() -> None:
    told: list[tuple[int, int]] = []
    rows = [row(line) for line in (CELL, DISTRICT, PROVINCE, ROOT)]
    loaded = load_units(rows, on=DAY, by=SYSTEM, progress=lambda done, total: told.append((done, total)))
    assert [unit.code for unit in loaded] == ["k", "d", "p", "c"]
    assert told[-1] == (4, 4)
    view = unit_view("d", DAY)
    assert (view.parent_code, str(view.span.end), view.illustrative) == ("p", "2025-07-01", True)
    assert_tree_at_every_date()


@pytest.mark.django_db
def test_predecessors_are_linked() -> None:
    after = "n,grassroots_cell,Chi bộ mới,,p,2020-01-01,,k,0"
    load_units([row(line) for line in (ROOT, PROVINCE, DISTRICT, after, CELL)], on=DAY, by=SYSTEM)
    successor = Unit.objects.get(code="n")
    assert [each.unit.code for each in lineage(successor.pk, DAY).predecessors] == ["k"]


@pytest.mark.django_db
def test_every_fault_is_named_by_line_and_column_and_nothing_is_written() -> None:
    lines = (
        ROOT,
        PROVINCE,
        "x,moon,Tên,,p,1998-01-01,,,0",
        "y,district,,,p,yesterday,,,0",
        "z,district,Huyện,,nowhere,1998-01-01,2025-07-01,,0",
        "p,province,Lại,,c,1997-01-01,,,2",
        "w,cell,Chi bộ,,c,1998-01-01,,,0",
        "v,grassroots_cell,Chi bộ,,y,1998-01-01,,,0",
    )
    with pytest.raises(ValidationError) as refused:
        load_units([row(line) for line in lines], on=DAY, by=SYSTEM)
    found = [message.split(":")[0] for message in refused.value.messages]
    assert found == [
        "Line 4, column kind",
        "Line 5, column from",
        "Line 6, column parent",
        "Line 7, column code",
        "Line 7, column illustrative",
        "Line 8, column parent",
    ]
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValidationError) as refused:
        load_units([{"code": "c", "kind": "centre"}], on=DAY, by=SYSTEM)
    assert any("column name" in message for message in refused.value.messages)


def test_an_officer_loads_below_and_nowhere_else(cast: Cast) -> None:
    mine = "n-1,cell,Chi bộ 1,,hill-river,2024-01-01,2025-07-01,,0"
    not_mine = "n-2,grassroots_cell,Chi bộ 2,,south-coast,2024-01-01,2025-07-01,,0"
    load_units([row(mine)], on=cast.day, by=cast.superior.actor)
    assert unit_view("n-1", cast.day).parent_code == "hill-river"
    with pytest.raises(ValidationError) as refused:
        load_units([row(not_mine)], on=cast.day, by=cast.superior.actor)
    assert "There is no unit" in refused.value.messages[0]
    for member in (cast.insider, cast.neighbour, cast.stranger, cast.auditor):
        with pytest.raises(ValidationError):
            load_units([row(mine.replace("n-1", "n-3"))], on=cast.day, by=member.actor)
    assert not Unit.objects.filter(code__in=["n-2", "n-3"]).exists()
