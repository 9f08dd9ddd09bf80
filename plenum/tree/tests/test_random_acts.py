"""Thousands of random acts and statements: whatever is let through, the tree stays a tree on every day."""

import contextlib
import random
from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from plenum.tree import ledger
from plenum.tree.models import Ancestry, Unit
from plenum.tree.reshaping import reshape
from plenum.tree.rules import Refused
from plenum.tree.tests.factories import small_tree
from plenum.tree.tests.oracle import assert_tree_at_every_date, check_constraints_now
from plenum.tree.tests.random_reforms import any_changes, random_act, some_day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_tree_stays_a_tree_after_a_thousand_acts_on_random_days(seed: int) -> None:
    small_tree()
    chance, done = random.Random(seed), 0
    for number in range(1000):
        try:
            random_act(chance, number)
            done += 1
        except Refused:
            continue
        if done % 20 == 0:
            check_constraints_now()
            assert_tree_at_every_date()
    check_constraints_now()
    assert_tree_at_every_date()
    assert done > 150, "too few acts were let through for the test to mean anything"


def random_statement(chance: random.Random, ids: list[int]) -> tuple[str, list[int | date | str]]:
    """One statement that a careless or hostile program might send as the web role."""
    unit, other, day = chance.choice(ids), chance.choice(ids), some_day(chance)
    later = day + timedelta(days=chance.randrange(0, 700))
    span = f"[{day},{later})" if chance.random() < 0.5 else f"[{day},)"
    statements: list[tuple[str, list[int | date | str]]] = [
        ("UPDATE tree_placement SET parent_id = %s WHERE unit_id = %s", [other, unit]),
        ("UPDATE tree_placement SET parent_id = NULL WHERE unit_id = %s", [unit]),
        ("UPDATE tree_placement SET parent_id = %s WHERE parent_id = %s", [other, unit]),
        ("UPDATE tree_placement SET unit_id = %s WHERE unit_id = %s", [other, unit]),
        ("UPDATE tree_placement SET span = %s WHERE unit_id = %s", [span, unit]),
        ("DELETE FROM tree_placement WHERE unit_id = %s", [unit]),
        (
            "INSERT INTO tree_placement (unit_id, parent_id, span) VALUES (%s, %s, %s)",
            [unit, other, span],
        ),
        (
            "WITH cut AS (UPDATE tree_placement SET span = daterange(lower(span), %s) WHERE unit_id = %s AND"
            " span @> %s::date AND lower(span) < %s RETURNING upper(span)) SELECT * FROM cut",
            [day, unit, day, day],
        ),
        ("UPDATE tree_unit SET lifetime = %s WHERE id = %s", [span, unit]),
        ("DELETE FROM tree_unit WHERE id = %s", [unit]),
        ("UPDATE tree_unitname SET span = %s WHERE unit_id = %s", [span, unit]),
        ("DELETE FROM tree_unitkind WHERE unit_id = %s", [unit]),
        ("INSERT INTO tree_unitkind (unit_id, kind, span) VALUES (%s, 'cell', %s)", [unit, span]),
        ("UPDATE tree_unitkind SET unit_id = %s WHERE unit_id = %s", [other, unit]),
    ]
    return chance.choice(statements)


@pytest.mark.parametrize("seed", [11, 12])
def test_no_sql_of_the_web_role_makes_it_something_else(seed: int) -> None:
    small_tree()
    chance, let_through = random.Random(seed), 0
    for number in range(600):
        if number % 3 == 0:
            with contextlib.suppress(Refused):
                random_act(chance, number)
        if number % 20 == 0:
            with contextlib.suppress(Refused):
                reshape(any_changes(chance, f"many-{number}"), on=some_day(chance))
        ids = list(Unit.objects.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                for _step in range(chance.choice((1, 1, 2))):
                    sql, parameters = random_statement(chance, ids)
                    with connection.cursor() as cursor:
                        cursor.execute(sql, parameters)
                check_constraints_now()
            let_through += 1
        except Error:
            continue
        if let_through % 10 == 0:
            assert_tree_at_every_date()
    assert_tree_at_every_date()
    assert let_through > 30


def test_a_split_move_by_sql_keeps_ancestry() -> None:
    tree = small_tree()
    day = date(2021, 6, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tree_placement SET span = daterange(lower(span), %s) WHERE unit_id = %s",
            [day, tree["commune"].pk],
        )
        cursor.execute(
            "INSERT INTO tree_placement (unit_id, parent_id, span) VALUES (%s, %s, daterange(%s, NULL))",
            [tree["commune"].pk, tree["west"].pk, day],
        )
    check_constraints_now()
    assert_tree_at_every_date()


def test_a_move_leaves_unaffected_rows_of_ancestry_untouched() -> None:
    tree = small_tree()
    before = dict(Ancestry.objects.values_list("pk", "span"))
    ledger.move(tree["commune"], tree["west"], on=date(2021, 6, 1))
    after = dict(Ancestry.objects.values_list("pk", "span"))
    kept = {pk for pk in before if after.get(pk) == before[pk]}
    moved = {tree[code].pk for code in ("commune", "cell-1", "cell-2")}
    touched = Ancestry.objects.exclude(pk__in=kept)
    assert set(touched.values_list("descendant_id", flat=True)) == moved
    root_rows = Ancestry.objects.filter(ancestor=tree["centre"], descendant__in=moved)
    assert set(root_rows.values_list("pk", flat=True)) <= kept
    assert_tree_at_every_date()
