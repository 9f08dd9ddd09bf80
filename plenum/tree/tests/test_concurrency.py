"""Two writers at once, with real commits: together they cannot make what each alone may not."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from plenum.tree import ledger
from plenum.tree.models import Placement, Unit
from plenum.tree.rules import Problem, Refused
from plenum.tree.tests.factories import centre, small_tree, unit
from plenum.tree.tests.oracle import assert_tree_at_every_date, constraint_of
from plenum.tree.turn import changes


@pytest.fixture
def committing(fresh_database: str, django_db_blocker: Any) -> Iterator[None]:
    """A database of this test's own, where transactions really commit."""
    with django_db_blocker.unblock():
        yield


def in_thread(act: Callable[[], None]) -> tuple[threading.Thread, list[Exception]]:
    errors: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def place(child: Unit, parent: Unit) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tree_placement SET parent_id = %s WHERE unit_id = %s", [parent.pk, child.pk])


def place_at(level: str, child: Unit, parent: Unit) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        place(child, parent)


def test_two_statements_that_would_make_a_cycle_together(committing: None) -> None:
    root = centre()
    left, right = unit("left", "province", root), unit("right", "province", root)

    def second() -> None:
        with transaction.atomic():
            place(right, left)

    with transaction.atomic():
        place(left, right)
        thread, errors = in_thread(second)
        thread.join(0.5)
        assert thread.is_alive(), "the second writer must wait for the first"
    thread.join(10)
    assert [type(error) for error in errors] == [IntegrityError]
    assert constraint_of(errors[0]) == "tree_placement_no_cycle"
    assert_tree_at_every_date()


def test_two_moves_through_the_ledger(committing: None) -> None:
    tree = small_tree()
    day = date(2021, 1, 1)

    def second() -> None:
        ledger.dissolve(tree["west"], on=day)

    counted = changes()
    with transaction.atomic():
        ledger.move(tree["alone"], tree["west"], on=day)
        ledger.rename(tree["alone"], "Once more", on=day)
        thread, errors = in_thread(second)
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)
    [error] = errors
    assert isinstance(error, Refused)
    assert error.findings[0].problem is Problem.CHILDREN_ALIVE
    assert changes() == counted + 1, "a transaction counts once, and one that is taken back not at all"
    assert_tree_at_every_date()


def test_a_transaction_with_an_old_snapshot_may_not_write(committing: None) -> None:
    tree = small_tree()
    for level in ("REPEATABLE READ", "SERIALIZABLE"):
        with pytest.raises(DatabaseError, match="could miss a move"):
            place_at(level, tree["alone"], tree["west"])
    assert Placement.objects.get(unit=tree["alone"]).parent_id == tree["east"].pk


def test_a_gap_is_refused_when_the_transaction_commits(committing: None) -> None:
    tree = small_tree()
    with pytest.raises(IntegrityError, match="but it lives"), transaction.atomic():
        Placement.objects.filter(unit=tree["alone"]).delete()
    assert_tree_at_every_date()
