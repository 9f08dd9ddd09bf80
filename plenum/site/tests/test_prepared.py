"""What is asked again and again is planned once in a session, also when acts are refused in between."""

from typing import Any

import pytest
from django.db import connection, transaction

from plenum.site.database.guarded.prepared import ASKED_BEFORE, FEW, MOST_BESIDE
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db


def prepared(containing: str) -> int:
    """How many statements with these words the session has prepared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE position(%s IN statement) > 0", [containing]
        )
        (found,) = cursor.fetchone()
    return int(found)


def ask(value: Any, *, name: str, times: int = ASKED_BEFORE + 1) -> None:
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute(f"SELECT %s::bigint[] AS {name}", [value])
            assert cursor.fetchone() == (value,)


def test_a_statement_that_comes_again_is_prepared() -> None:
    ask([1], name="first_seldom", times=ASKED_BEFORE)
    assert prepared("AS first_seldom") == 0
    ask([1], name="first_seldom", times=1)
    assert prepared("AS first_seldom") == 1


def test_one_that_names_many_is_planned_for_so_many() -> None:
    ask(list(range(FEW)), name="of_few")
    ask(list(range(FEW + 1)), name="of_many")
    assert (prepared("AS of_few"), prepared("AS of_many")) == (1, 0)


def test_what_is_prepared_holds_when_an_act_is_refused() -> None:
    ask([1], name="kept_on")
    with transaction.atomic():
        transaction.set_rollback(True)
    with connection.cursor() as cursor:  # psycopg would forget on its next statement
        cursor.execute("SELECT 1")
    assert prepared("AS kept_on") == 1


def test_a_statement_may_have_more_values_than_can_be_sent_beside_it() -> None:
    codes = [f"unit-{number}%s" for number in range(MOST_BESIDE + 1)]
    assert not Unit.objects.filter(code__in=codes).exists()
