"""What an examination says of a tree that somebody has damaged past every constraint."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections

from plenum.tree import ledger
from plenum.tree.doctor import WORK_OUT_AGAIN, WORK_OUT_HEIRS, checks
from plenum.tree.tests.factories import small_tree


def found() -> list[str]:
    """The findings of every check, as `code: what`."""
    return [f"{check.code}: {finding.what}" for check in checks for finding in check.run()]


def damage(*statements: str) -> None:
    """Write as the owner, with triggers and deferred constraints switched off."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def tree(fresh_database: str, django_db_blocker: Any) -> Iterator[None]:
    """A tree in a database of this test's own."""
    with django_db_blocker.unblock():
        small = small_tree()
        ledger.move(small["commune"], small["west"], on=date(2021, 6, 1))
        ledger.dissolve(small["alone"], on=date(2021, 6, 1))
        ledger.link(small["alone"], small["commune"], on=date(2021, 6, 1))
        yield


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "DELETE FROM tree_unitname WHERE unit_id = (SELECT id FROM tree_unit WHERE code = 'commune')",
            "tree.spans: The unit commune lives in",
        ),
        (
            "UPDATE tree_unitkind SET span = daterange('2019-01-01', '2019-02-01') "
            "WHERE unit_id = (SELECT id FROM tree_unit WHERE code = 'commune')",
            "tree.spans: The unit commune lives in",
        ),
        (
            "ALTER TABLE tree_unitkind DROP CONSTRAINT tree_unitkind_one_at_a_time; "
            "INSERT INTO tree_unitkind (unit_id, kind, span) SELECT unit_id, 'cell', span FROM tree_unitkind",
            "tree.spans: The unit commune has two values at once. What: kind.",
        ),
        (
            "UPDATE tree_unit SET lifetime = daterange(lower(lifetime), '2021-01-01') WHERE code = 'west'",
            "tree.places: The unit commune stands under west on days on which that does not exist",
        ),
        (
            "ALTER TABLE tree_placement DROP CONSTRAINT tree_placement_one_root_at_a_time; "
            "UPDATE tree_placement SET parent_id = NULL WHERE unit_id = (SELECT id FROM tree_unit WHERE code = 'west')",
            "tree.places: Two units have no parent at once: centre and west.",
        ),
        (
            "UPDATE tree_placement SET parent_id = (SELECT id FROM tree_unit WHERE code = 'cell-1') "
            "WHERE unit_id = (SELECT id FROM tree_unit WHERE code = 'west')",
            "tree.places: The unit west stands below itself.",
        ),
        ("DELETE FROM tree_heir", "tree.heirs: What is kept of who took over from a unit"),
        (
            "UPDATE tree_heir SET since = '2020-01-01'",
            "tree.heirs: What is kept of who took over from a unit",
        ),
        ("DELETE FROM tree_ancestry WHERE depth = 2", "tree.ancestry: What is kept of who stands below whom"),
        (
            "UPDATE tree_ancestry SET span = daterange(lower(span), '2030-01-01') WHERE depth = 1",
            "tree.ancestry: What is kept of who stands below whom",
        ),
    ],
)
def test_damage_is_found(tree: None, statement: str, said: str) -> None:
    assert found() == []
    damage(*statement.split(";"))
    assert any(each.startswith(said) for each in found()), found()


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("DELETE FROM tree_ancestry WHERE depth > 0", WORK_OUT_AGAIN),
        ("UPDATE tree_ancestry SET span = daterange(lower(span), '2030-01-01')", WORK_OUT_AGAIN),
        ("UPDATE tree_ancestry SET depth = depth + 5", WORK_OUT_AGAIN),
        ("UPDATE tree_heir SET unit_id = heir_id, heir_id = unit_id", WORK_OUT_HEIRS),
        ("UPDATE tree_heir SET since = since - 1", WORK_OUT_HEIRS),
    ],
)
def test_the_remedy_mends_it(tree: None, statement: str, remedy: str) -> None:
    damage(statement)
    assert found() != []
    with connection.cursor() as cursor:
        cursor.execute(remedy)
    assert found() == []
