"""Several people at once, each in a transaction that really commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from plenum.figures.actions import accept_return, load_returns, save_draft
from plenum.figures.models import Entry, Return, Rollup
from plenum.figures.queries import figures, rollups_recounted
from plenum.figures.tests.factories import MONTHLY, SYSTEM, move, oblige, plant, submit
from plenum.periods import Period
from plenum.tree.models import Unit

MONTH = Period.parse("2023-01")


@pytest.fixture
def units(fresh_database: str, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        root = plant("root", "centre", None)
        provinces = [plant(f"p{number}", "province", root) for number in range(2)]
        districts = [plant(f"d{number}", "district", provinces[number % 2]) for number in range(4)]
        units = [plant(f"u{number}", "commune_committee", districts[number % 4]) for number in range(24)]
        for unit in units:
            oblige(unit)
        yield units
        connections.close_all()


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs in threads with connections of their own; the first failure is raised."""

    def alone(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=6) as threads:
        return [each.result() for each in [threads.submit(alone, job) for job in jobs]]


def accepting(returned: Return) -> Callable[[], Any]:
    return lambda: accept_return(returned.pk, on=date(2023, 2, 1), by=SYSTEM)


def test_acceptances_at_once_lose_nothing(units: list[Unit]) -> None:
    waiting = [submit(unit, "2023-01", {"members_admitted": 1, "members_total": 10}) for unit in units]
    at_once(*[accepting(returned) for returned in waiting])
    found = figures(Unit.objects.get(code="root").pk, MONTH)
    assert (found["members.admitted"].value, found["members.total"].value) == (24, 240)
    assert rollups_recounted() == []


def test_moves_in_between_keep_every_sum(units: list[Unit]) -> None:
    waiting = [submit(unit, "2023-01", {"members_admitted": 1}) for unit in units]
    districts = list(Unit.objects.filter(code__startswith="d").order_by("code"))

    def moving(unit: Unit, number: int) -> Callable[[], Any]:
        return lambda: move(unit, districts[(number + 1) % 4], date(2022, 1, 1 + number))

    jobs = [accepting(returned) for returned in waiting]
    for number, unit in enumerate(units[::3]):
        jobs.insert(number * 4, moving(unit, number))
    at_once(*jobs)
    assert figures(Unit.objects.get(code="root").pk, MONTH)["members.admitted"].value == 24
    assert rollups_recounted() == []


def test_an_import_and_pages_wait_for_each_other(units: list[Unit]) -> None:
    waiting = [submit(unit, "2023-01", {"members_admitted": 1}) for unit in units[:12]]
    rows = [
        {
            "unit": unit.code,
            "form": MONTHLY,
            "period": "2023-01",
            "on": "2023-02-01",
            "accepted_on": "2023-02-01",
            "slot": "members_admitted",
            "value": "1",
            "state": "accepted",
        }
        for unit in units[12:]
    ]

    def saving(unit: Unit) -> Callable[[], Any]:
        return lambda: save_draft(
            unit.pk, MONTHLY, Period.parse("2023-02"), {}, edition=0, on=date(2023, 2, 28), by=SYSTEM
        )

    jobs = [accepting(returned) for returned in waiting] + [saving(unit) for unit in units]
    at_once(*jobs[:6], lambda: load_returns(rows, on=date(2023, 3, 1), by=SYSTEM), *jobs[6:])
    assert figures(Unit.objects.get(code="root").pk, MONTH)["members.admitted"].value == 24
    assert rollups_recounted() == []


def test_who_is_numbered_first_may_be_counted_last(units: list[Unit]) -> None:
    """Two returns of one unit are accepted at once: the entry that waits was given its number before the other's."""
    unit, elsewhere = units[0], Unit.objects.get(code="d1")
    move(unit, elsewhere, date(2023, 5, 1))
    waiting = {
        month: submit(unit, f"2023-{month:02}", {"members_admitted": month, "members_total": 100 * month})
        for month in (2, 3, 6)
    }
    day = date(2023, 7, 1)
    accept_return(waiting[6].pk, on=day, by=SYSTEM)
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT pg_get_serial_sequence('figures_entry', 'id')")
        [(numbers,)] = owner.fetchall()
        owner.execute("SELECT nextval(%s), nextval(%s)", [numbers, numbers])
        [(first, second)] = owner.fetchall()
        accept_return(waiting[3].pk, on=day, by=SYSTEM)
        owner.execute("SELECT setval(%s, %s, false)", [numbers, first])
        accept_return(waiting[2].pk, on=day, by=SYSTEM)
        owner.execute("SELECT setval(%s, %s)", [numbers, second + 1])
    assert Entry.objects.get(of_return=waiting[2]).pk < Entry.objects.get(of_return=waiting[3]).pk
    assert rollups_recounted() == []


def test_of_two_who_begin_the_same_return_one_is_told(units: list[Unit]) -> None:
    def begin() -> str:
        try:
            save_draft(units[0].pk, MONTHLY, MONTH, {}, edition=0, on=date(2023, 1, 31), by=SYSTEM)
        except ValidationError as error:
            return "".join(error.messages)
        return "saved"

    told = at_once(*[begin] * 4)
    assert sorted(text == "saved" for text in told) == [False, False, False, True]
    assert Return.objects.count() == 1


def test_a_wrong_sum_is_found_by_the_recount(units: list[Unit]) -> None:
    returned = submit(units[0], "2023-01", {"members_admitted": 5})
    accept_return(returned.pk, on=date(2023, 2, 1), by=SYSTEM)
    province = Unit.objects.get(code="p0")
    with transaction.atomic("owner"):
        Rollup.objects.using("owner").filter(unit=province).update(sums=[0, 6])
        standing = connections["owner"].cursor()
        standing.execute("UPDATE figures_standing SET counts = %s", [[0, 0]])
    found = rollups_recounted()
    assert {(each.table, each.unit_id) for each in found} == {
        ("standing", units[0].pk),
        ("rollup", province.pk),
    }
    assert connection.alias == "default"
