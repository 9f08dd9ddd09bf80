"""What an examination says of figures that somebody has damaged, and of what a move has brought about."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from plenum.figures.actions import accept_return, correct_return, save_draft, submit_return
from plenum.figures.doctor import COUNT_AGAIN, checks
from plenum.figures.models import Return
from plenum.figures.queries import figures, rollups_recounted
from plenum.figures.tests.factories import SUMMARY, SYSTEM, move, oblige, plant, report, submit
from plenum.periods import Period
from plenum.tree.models import Unit


def found() -> list[str]:
    """The findings of every check, as `code: what`."""
    return [f"{check.code}: {finding.what}" for check in checks for finding in check.run()]


def as_owner(*statements: str) -> None:
    """Write as the owner, with triggers switched off."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def reported(fresh_database: str, django_db_blocker: Any) -> Iterator[dict[str, Unit]]:
    """Two communes with returns, one of them corrected, one waiting, in a database of this test's own."""
    with django_db_blocker.unblock():
        root = plant("root", "centre", None)
        north, south = plant("north", "province", root), plant("south", "province", root)
        district = plant("district", "district", north)
        one, two = (plant(code, "commune_committee", district) for code in ("one", "two"))
        for unit in (one, two):
            oblige(unit)
            report(
                unit, "2023-01", {"members_admitted": 3, "members_total": 40}, illustrative=("members_total",)
            )
        submit(two, "2023-02", {"members_admitted": 1})
        correct_return(Return.objects.get(unit=one).pk, "counted again", on=date(2023, 3, 1), by=SYSTEM)
        yield {"south": south, "district": district, "one": one, "two": two}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE figures_rollup SET sums[2] = sums[2] + 1",
            "figures.sums: A kept sum is not what a recount gives.",
        ),
        ("DELETE FROM figures_rollup WHERE unit_id = branch_id", "figures.sums: A kept sum is not"),
        ("UPDATE figures_standing SET ancestors = ancestors[1:2]", "figures.sums: A kept sum is not"),
        ("DELETE FROM figures_standing", "figures.sums: A kept sum is not"),
        ("UPDATE figures_handed SET handed = handed | 2048", "figures.sums: A kept sum is not"),
        ("UPDATE figures_handed SET submitted_until = '2020-01-01'", "figures.sums: A kept sum is not"),
        ("DELETE FROM figures_handed", "figures.sums: A kept sum is not"),
    ],
)
def test_a_wrong_sum_is_found_and_counted_again(reported: dict[str, Unit], statement: str, said: str) -> None:
    assert found() == []
    as_owner(statement)
    assert any(each.startswith(said) for each in found()), found()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNT_AGAIN)
    with connections["owner"].cursor() as cursor:
        cursor.execute(COUNT_AGAIN)
    assert found() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE figures_version SET values[2] = 99 WHERE id = (SELECT min(version_id) FROM figures_entry)",
        "UPDATE figures_version SET illustrative[2] = true WHERE id = (SELECT min(version_id) FROM figures_entry)",
        "DELETE FROM figures_step WHERE what = 'correct'",
        "DELETE FROM figures_version WHERE id NOT IN (SELECT version_id FROM figures_entry)",
        "UPDATE figures_return SET accepted_version = NULL, state = 'draft' WHERE state = 'accepted'",
        "DELETE FROM figures_entry; DELETE FROM figures_standing; DELETE FROM figures_rollup",
    ],
)
def test_a_return_that_does_not_agree_with_its_history_is_found(
    reported: dict[str, Unit], statement: str
) -> None:
    as_owner(*statement.split(";"))
    assert any(each.startswith("figures.returns: A return does not agree") for each in found()), found()


def test_figures_that_a_move_has_put_into_a_sum_twice_are_found(reported: dict[str, Unit]) -> None:
    south = reported["south"]
    oblige(south, SUMMARY, "quarter")
    doubled = report(south, "2023-Q1", {"members_admitted": 10, "key_tasks": 2}, form=SUMMARY)
    assert found() == []
    move(reported["district"], south, date(2023, 1, 15))
    assert figures(south.pk, Period.parse("2023"))["members.admitted"].value == 16
    twice = [each for each in found() if each.startswith("figures.once")]
    assert len(twice) == 2
    assert "south (" in twice[0]
    assert "below it, one (" in twice[0]
    assert rollups_recounted() == []
    opened = correct_return(doubled.pk, "the communes report it", on=date(2023, 5, 1), by=SYSTEM)
    emptied = save_draft(
        south.pk,
        SUMMARY,
        opened.period,
        {"members_admitted": None},
        edition=opened.edition,
        on=date(2023, 5, 1),
        by=SYSTEM,
    )
    submit_return(emptied.pk, on=date(2023, 5, 1), by=SYSTEM)
    accept_return(emptied.pk, on=date(2023, 5, 1), by=SYSTEM)
    assert found() == []
    assert figures(south.pk, Period.parse("2023"))["members.admitted"].value == 6
