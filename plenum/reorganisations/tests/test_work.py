"""How far units are with their work after a reform: sorted, narrowed and counted as it is said of each."""

from collections import Counter
from datetime import timedelta

import pytest

from plenum.reorganisations.models import Work
from plenum.reorganisations.queries import (
    WORK_STATES,
    ProgressOrder,
    WorkOrder,
    count_by_state,
    ordered_progress,
    ordered_work,
    progress,
)
from plenum.reorganisations.tests.factories import EFFECT, bloc_plan, executed, make_bloc
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import unit_views
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def units(cast: Cast) -> list[int]:
    """The units that have work: one has done all of it, one all but one, one a single thing, two nothing."""
    make_bloc(cast)
    executed(bloc_plan())
    found = sorted(set(Work.objects.values_list("unit", flat=True)))
    assert len(found) == 5
    for unit_id, left in ((found[0], 0), (found[1], 1), (found[2], None)):
        own = list(Work.objects.filter(unit=unit_id).order_by("pk"))
        done = own[:1] if left is None else own[: len(own) - left]
        Work.objects.filter(pk__in=[each.pk for each in done]).update(done_on=EFFECT)
    return found


@pytest.mark.parametrize("state", [None, *WORK_STATES])
@pytest.mark.parametrize("order", ProgressOrder)
def test_units_are_ordered_and_narrowed_as_it_is_said_of_each(
    units: list[int], order: ProgressOrder, state: str | None
) -> None:
    every = progress(ordered_progress(Work.objects.all()), EFFECT)
    assert {each.unit.id for each in every} == set(units)
    expected = [each for each in every if state in (None, each.state)]
    expected.sort(key=lambda each: (each.unit.sort_key, each.unit.code))
    if order != ProgressOrder.UNIT:
        expected.sort(key=lambda each: each.percent, reverse=order == ProgressOrder.MOST)
    assert expected
    assert progress(ordered_progress(Work.objects.all(), state=state, order=order), EFFECT) == expected


def test_units_are_counted_by_how_far_they_are(units: list[int]) -> None:
    every = progress(ordered_progress(Work.objects.all()), EFFECT)
    assert (
        count_by_state(Work.objects.all())
        == Counter(each.state for each in every)
        == {
            "todo": 2,
            "current": 2,
            "done": 1,
        }
    )
    for each in every:
        own = Work.objects.filter(unit=each.unit.id)
        assert (each.of, each.done) == (own.count(), own.filter(done_on__isnull=False).count())


def test_work_is_told_once_by_the_last_name_of_its_unit(units: list[int]) -> None:
    """One has got another name since, and one has ended."""
    ledger.rename(Unit.objects.get(code="bloc-tax"), "Aaa", on=EFFECT + timedelta(days=30))
    ledger.dissolve(Unit.objects.get(code="bloc-court"), on=EFFECT + timedelta(days=40))
    names = {pk: view.sort_key for pk, view in unit_views(units, EFFECT + timedelta(days=60)).items()}
    found = [each.unit_id for each in ordered_work(Work.objects.all(), WorkOrder.UNIT)]
    assert len(found) == Work.objects.count()
    assert found == sorted(found, key=lambda pk: (names[pk], pk))
