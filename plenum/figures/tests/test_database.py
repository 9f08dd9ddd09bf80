"""What the database itself refuses and keeps, whoever writes."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model

from plenum.figures.actions import accept_return
from plenum.figures.models import Entry, Return, Rollup, Standing, Step, Version
from plenum.figures.tests.factories import SYSTEM, oblige, plant, report, submit
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db: None) -> Unit:
    root = plant("root", "centre", None)
    district = plant("district", "district", plant("province", "province", root))
    unit = plant("one", "commune_committee", district)
    oblige(unit)
    return unit


def entry(returned: Return, version: Version, value: int, known_on: date) -> Entry:
    width = len(version.values)
    known = [int(each is not None) for each in version.values]
    return Entry.objects.create(
        of_return=returned,
        version=version,
        known_on=known_on,
        delta=[value if count else 0 for count in known],
        delta_counts=known,
        delta_illustrative=[0] * width,
    )


def test_entries_must_add_up_to_the_version_they_accept(unit: Unit) -> None:
    returned = submit(unit, "2023-01", {"members_admitted": 5})
    version = returned.versions.get()
    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        entry(returned, version, 6, date(2023, 2, 1))
    assert not Standing.objects.exists()
    entry(returned, version, 5, date(2023, 2, 1))
    assert Standing.objects.get().sums[1] == 5


def test_an_entry_is_not_of_another_return(unit: Unit) -> None:
    one = submit(unit, "2023-01", {"members_admitted": 5})
    other = submit(unit, "2023-02", {"members_admitted": 5})
    with pytest.raises(IntegrityError, match="of another return"), transaction.atomic():
        entry(one, other.versions.get(), 5, date(2023, 3, 1))


def test_entries_become_known_in_order(unit: Unit) -> None:
    returned = report(unit, "2023-01", {"members_admitted": 5}, on=date(2023, 2, 5))
    again = Version.objects.create(
        of_return=returned,
        number=2,
        values=returned.draft_values,
        illustrative=returned.draft_illustrative,
        entered_by="test",
        submitted_by="test",
        on_date=date(2023, 2, 1),
    )
    nothing = [0] * len(again.values)
    with pytest.raises(IntegrityError, match="known before"), transaction.atomic():
        Entry.objects.create(
            of_return=returned,
            version=again,
            known_on=date(2023, 2, 4),
            delta=nothing,
            delta_counts=nothing,
            delta_illustrative=nothing,
        )


@pytest.mark.parametrize("model", [Version, Step, Entry])
def test_what_was_reported_is_never_changed(unit: Unit, model: type[Model]) -> None:
    report(unit, "2023-01", {"members_admitted": 5})
    with pytest.raises(DatabaseError), transaction.atomic():
        model._default_manager.update(recorded_at="2000-01-01T00:00:00Z")
    with pytest.raises(DatabaseError), transaction.atomic():
        model._default_manager.all()._raw_delete("default")


@pytest.mark.parametrize("model", [Standing, Rollup])
def test_kept_sums_are_not_written_by_hand(unit: Unit, model: type[Model]) -> None:
    report(unit, "2023-01", {"members_admitted": 5})
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model._default_manager.update(sums=[1])


def test_a_return_stays_where_it_was_filed(unit: Unit) -> None:
    returned = report(unit, "2023-01", {"members_admitted": 5})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Return.objects.filter(pk=returned.pk).update(month=date(2023, 2, 1))


def test_no_month_is_reported_twice(unit: Unit) -> None:
    returned = submit(unit, "2023-01", {"members_admitted": 5})
    returned.pk = None
    returned._state.adding = True
    returned.period_code, returned.month = "2023-Q1", date(2023, 3, 1)
    with pytest.raises(IntegrityError, match="figures_return_no_month_twice"), transaction.atomic():
        returned.save(force_insert=True)


def test_the_top_is_kept_by_branch(unit: Unit) -> None:
    report(unit, "2023-01", {"members_admitted": 5})
    rows = {(row.unit_id, row.branch_id): (row.sums or [])[1] for row in Rollup.objects.filter(kind="flow")}
    codes = dict(Unit.objects.values_list("code", "pk"))
    assert rows == {
        (codes["district"], codes["district"]): 5,
        (codes["province"], codes["province"]): 5,
        (codes["root"], codes["province"]): 5,
    }


def test_a_sum_beyond_whole_numbers_is_refused(unit: Unit) -> None:
    returned = submit(unit, "2023-01", {"members_admitted": 5})
    Version.objects.create(
        of_return=returned,
        number=2,
        values=[None, 2**62],
        illustrative=[False, False],
        entered_by="test",
        submitted_by="test",
        on_date=date(2023, 2, 1),
    )
    Return.objects.filter(pk=returned.pk).update(version=2)
    accept_return(returned.pk, on=date(2023, 2, 1), by=SYSTEM)
    other = plant("two", "commune_committee", unit.placements.get().parent)
    oblige(other)
    second = submit(other, "2023-01", {"members_admitted": 5})
    Version.objects.create(
        of_return=second,
        number=2,
        values=[None, 2**62],
        illustrative=[False, False],
        entered_by="test",
        submitted_by="test",
        on_date=date(2023, 2, 1),
    )
    Return.objects.filter(pk=second.pk).update(version=2)
    with pytest.raises(Exception, match="larger than Plenum can keep"):
        accept_return(second.pk, on=date(2023, 2, 1), by=SYSTEM)
    assert Standing.objects.count() == 1
