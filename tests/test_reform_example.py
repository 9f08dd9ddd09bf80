"""The example of docs/reform.md: every number that it gives for Plenum."""

from datetime import date

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
