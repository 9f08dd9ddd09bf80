"""The example of docs/reform.md: every number that it gives for Plenum."""

from datetime import date
from fractions import Fraction

import pytest

from plenum.figures.queries import Figure, figures
from plenum.figures.tests.factories import oblige, plant, report
from plenum.periods import Period
from plenum.tree.models import Unit
from plenum.tree.reshaping import reshape
from plenum.tree.rules import Founded, Linked, TreeChanges

pytestmark = pytest.mark.django_db

DAY, NOW = date(2025, 1, 1), date(2025, 2, 1)
MARCH, JUNE = Period.month(2024, 3), Period.month(2024, 6)


@pytest.fixture
def units() -> dict[str, Unit]:
    """Two communes with their returns of 2024, merged on the first day of 2025; by their codes."""
    centre = plant("centre", "centre", None)
    district = plant("district", "district", plant("province", "province", centre))
    hop, van = (plant(code, "commune_committee", district) for code in ("hop-thinh", "van-hoi"))
    for unit in (hop, van):
        oblige(unit)
    report(hop, "2024-03", {"members_admitted": 6, "members_total": 210}, on=date(2024, 4, 8))
    report(van, "2024-03", {"members_admitted": 5, "members_total": 180}, on=date(2024, 4, 3))
    report(hop, "2024-06", {"members_admitted": 4})
    reshape(
        TreeChanges(
            founded=(Founded("hoi-thinh", "Đảng bộ xã Hội Thịnh", "commune_committee", "district"),),
            ended=("hop-thinh", "van-hoi"),
            linked=(
                Linked("hop-thinh", "hoi-thinh", "merged"),
                Linked("van-hoi", "hoi-thinh", "merged"),
            ),
        ),
        on=DAY,
    )
    return {unit.code: unit for unit in Unit.objects.all()}


DIVISION, AFTERWARDS = date(2025, 7, 1), date(2025, 8, 1)
COMMUNES = ("hop-thinh", "van-hoi", "hoi-thinh", "district")


def test_every_number_of_the_example(units: dict[str, Unit]) -> None:
    def asked(indicator: str, period: Period, tree: date | None) -> list[Figure]:
        return [figures(units[code].pk, period, tree=tree)[indicator] for code in COMMUNES]

    def values(found: list[Figure]) -> list[int | None]:
        return [figure.value for figure in found]

    assert values(asked("members.admitted", MARCH, None)) == [6, 5, None, 11]
    assert values(asked("members.admitted", MARCH, NOW)) == [6, 5, 11, 11]
    assert values(asked("members.total", MARCH, NOW)) == [210, 180, 390, 390]
    june = asked("members.admitted", JUNE, NOW)
    assert values(june) == [4, None, 4, 4]
    assert june[2].reported_by == 1
    assert not any(figure.estimated for figure in june)


def test_and_of_its_division(units: dict[str, Unit]) -> None:
    communes = (
        ("tam-hong", "Đảng bộ xã Tam Hồng", Fraction(2, 3)),
        ("yen-lac", "Đảng bộ xã Yên Lạc", Fraction(1, 3)),
    )
    reshape(
        TreeChanges(
            founded=tuple(
                Founded(code, name, "commune_committee", "province") for code, name, _share in communes
            ),
            ended=("hoi-thinh",),
            linked=tuple(
                Linked("hoi-thinh", code, "split", share, "area") for code, _name, share in communes
            ),
        ),
        on=DIVISION,
    )
    units |= {unit.code: unit for unit in Unit.objects.all()}

    def asked(code: str, indicator: str) -> Figure:
        return figures(units[code].pk, MARCH, tree=AFTERWARDS)[indicator]

    assert [asked(code, "members.admitted").value for code in ("tam-hong", "yen-lac")] == [7, 4]
    assert [asked(code, "members.total").value for code in ("tam-hong", "yen-lac")] == [260, 130]
    for code, _name, share in communes:
        assert {each.share for each in asked(code, "members.admitted").estimated} == {share}
    assert [asked(code, "members.admitted").value for code in ("hoi-thinh", "province")] == [11, 11]
    assert asked("province", "members.admitted").estimated == ()
