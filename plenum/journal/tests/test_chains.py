"""The chain of a unit: made by the database, refused to everybody, and every touch is found."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from plenum.journal.actions import hold_chains, record
from plenum.journal.actor import Actor
from plenum.journal.acts import REGISTRY, Act
from plenum.journal.models import Entry, Head
from plenum.journal.queries import BrokenLink, broken_links, entries, entries_by, seals
from plenum.journal.words import FIELDS, Field

ON = date(2024, 10, 8)
NOBODYS_ACT = REGISTRY.get("journal.try") or Act("journal.try", "Tried")
TRIED_NAME = FIELDS.get("journal.name") or Field("journal.name", "Name")
PERSON = Actor(account_id=7, label="Nguyễn Văn A", acting_for=3)


def write(unit_id: int | None = 5, **change: Any) -> Entry:
    return record(
        NOBODYS_ACT, by=PERSON, power="journal.try", unit_id=unit_id, on=ON, subject="thing:1", change=change
    )


def test_an_act_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Act("journal.try", "Tried again")


@pytest.mark.django_db
def test_entries_of_a_unit_follow_each_other() -> None:
    first, second = write(name=["a", "b"]), write(name=["b", "c"])
    assert (first.position, second.position) == (1, 2)
    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.hash
    assert (second.act, second.power, second.actor_id, second.acting_for) == (
        "journal.try",
        "journal.try",
        7,
        3,
    )


@pytest.mark.django_db
def test_each_unit_and_the_installation_have_their_own_chain() -> None:
    assert [write(5).position, write(6).position, write(None).position, write(None).position] == [1, 1, 1, 2]
    assert broken_links() == []


@pytest.mark.django_db
def test_the_database_decides_moment_position_and_hash() -> None:
    entry = Entry.objects.create(
        unit_id=5,
        act="journal.try",
        actor_label="A",
        on_date=ON,
        change={},
        position=99,
        hash="f" * 64,
        previous_hash="e" * 64,
        recorded_at=datetime(1999, 1, 1, tzinfo=UTC),
    )
    entry.refresh_from_db()
    assert entry.position == 1
    assert entry.previous_hash == "0" * 64
    assert entry.hash != "f" * 64
    assert entry.recorded_at > datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_anybody_can_recompute_the_hash_from_the_columns() -> None:
    entry = write(name=["Đảng bộ", "x"])
    entry.refresh_from_db()
    columns = [
        entry.pk,
        entry.unit_id,
        entry.position,
        entry.act,
        entry.power,
        entry.actor_id,
        entry.actor_label,
        entry.acting_for,
        entry.on_date.isoformat(),
        entry.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        entry.subject,
        entry.subject_label,
        entry.change,
        entry.previous_hash,
    ]
    assert entry.hash == hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).hexdigest()


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET actor_label = 'B'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "DELETE FROM journal_head",
        "TRUNCATE journal_head",
    ],
)
def test_nobody_changes_what_is_written(alias: str, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_head SET position = 0",
        "INSERT INTO journal_head (chain, position, hash) VALUES (77, 5, 'x')",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
    ],
)
def test_the_web_role_does_not_reach_the_heads_or_the_triggers(statement: str) -> None:
    write()
    with pytest.raises(DatabaseError), transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(statement)


INSERT = "INSERT INTO journal_entry SELECT"
REST = (
    ", act, power, actor_id, actor_label, acting_for, on_date, recorded_at, subject, subject_label, change,"
    " previous_hash, hash FROM journal_entry"
)


def tampered(statement: str, *, sealed: bool = False) -> list[BrokenLink]:
    """What is found when the owner, with the triggers off, does this to two chains of three entries."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        for unit_id in (5, 6):
            for number in range(3):
                Entry.objects.using("owner").create(
                    unit_id=unit_id, act="journal.try", actor_label="A", on_date=ON, change={"number": number}
                )
        assert broken_links(using="owner") == []
        kept = seals(using="owner") if sealed else []
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_head DISABLE TRIGGER USER")
        cursor.execute(statement)
        found = broken_links(using="owner", sealed=kept)
        transaction.set_rollback(True, using="owner")
    return found


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("statement", "where"),
    [
        (
            "UPDATE journal_entry SET actor_label = 'a' WHERE unit_id = 5 AND position = 2",
            [(5, 2, "changed", "")],
        ),
        (
            "UPDATE journal_entry SET change = '{\"number\": 8}' WHERE unit_id = 5 AND position = 1",
            [(5, 1, "changed", "")],
        ),
        (
            "UPDATE journal_entry SET recorded_at = recorded_at + interval '1 microsecond'"
            " WHERE unit_id = 6 AND position = 3",
            [(6, 3, "changed", "")],
        ),
        (
            "UPDATE journal_entry SET on_date = on_date - 1 WHERE unit_id = 6 AND position = 3",
            [(6, 3, "changed", "")],
        ),
        ("DELETE FROM journal_entry WHERE unit_id = 5 AND position = 2", [(5, 3, "out of line", "")]),
        ("DELETE FROM journal_entry WHERE unit_id = 5 AND position = 3", [(5, 3, "removed", "")]),
        ("DELETE FROM journal_entry WHERE unit_id = 5", [(5, 3, "removed", "")]),
        ("DELETE FROM journal_head WHERE chain = 6", [(6, 3, "without head", "")]),
        (
            "DELETE FROM journal_head WHERE chain = 5; DELETE FROM journal_entry WHERE unit_id = 5 AND position = 1",
            [(5, 2, "out of line", ""), (5, 3, "without head", "")],
        ),
        (
            "UPDATE journal_head SET position = 2 WHERE chain = 6",
            [(6, 3, "added", "")],
        ),
        (
            "UPDATE journal_head SET hash = repeat('f', 64) WHERE chain = 6",
            [(6, 3, "removed", "")],
        ),
        (
            f"{INSERT} id + 1000, unit_id, position + 1 {REST} WHERE unit_id = 5 AND position = 3",
            [(5, 4, "added", ""), (5, 4, "changed", ""), (5, 4, "out of line", "")],
        ),
        (
            f"{INSERT} id + 1000, unit_id, position - 1 {REST} WHERE unit_id = 5 AND position = 1",
            [(5, 0, "changed", ""), (5, 0, "out of line", ""), (5, 1, "out of line", "")],
        ),
    ],
)
def test_every_touch_is_found_where_it_was_made(statement: str, where: Any) -> None:
    found = [(link.unit_id, link.position, link.fault, link.field) for link in tampered(statement)]
    assert found == where


OTHER_VALUES = {
    "id": "id + 1000",
    "unit_id": "7",
    "position": "position + 10",
    "act": "'journal.tr'",
    "power": "'x'",
    "actor_id": "8",
    "actor_label": "actor_label || ' '",
    "acting_for": "3",
    "on_date": "(to_char(on_date, 'YYYY-MM-DD') || ' BC')::date",
    "recorded_at": "(to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || ' UTC BC')::timestamptz",
    "subject": "'thing:2'",
    "subject_label": "'x'",
    "change": "jsonb_set(change, '{number}', '1.0')",
    "previous_hash": "repeat('0', 64)",
    "hash": "overlay(hash PLACING CASE WHEN hash LIKE '0%' THEN '1' ELSE '0' END FROM 1 FOR 1)",
}
"""Another value for every column; where two can look alike, the one that looks most like what was there."""


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("column", [field.column for field in Entry._meta.concrete_fields])
@pytest.mark.parametrize("position", [2, 3])
def test_a_change_in_any_column_is_found(column: str, position: int) -> None:
    """KeyError for a new column: it must be part of what is hashed, and be tried here."""
    found = tampered(
        f"UPDATE journal_entry SET {column} = {OTHER_VALUES[column]} WHERE unit_id = 5 AND position = {position}"
    )
    changed = [link for link in found if link.fault == "changed"]
    assert len(changed) == 1
    unit, place = (7 if column == "unit_id" else 5), position + (10 if column == "position" else 0)
    assert (changed[0].unit_id, changed[0].position) == (unit, place)
    assert changed[0].field == (column if column in ("hash", "previous_hash") else "")


REWRITTEN = """
UPDATE journal_entry SET actor_label = 'B' WHERE unit_id = 5 AND position = 3;
UPDATE journal_entry AS entry SET hash = journal_hash(entry) WHERE unit_id = 5 AND position = 3;
UPDATE journal_head SET hash = (SELECT hash FROM journal_entry WHERE unit_id = 5 AND position = 3) WHERE chain = 5
"""
CUT = """
DELETE FROM journal_entry WHERE unit_id = 5 AND position = 3;
UPDATE journal_head SET position = 2, hash = (SELECT hash FROM journal_entry WHERE unit_id = 5 AND position = 2)
WHERE chain = 5
"""


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("statement", [REWRITTEN, CUT])
def test_an_end_written_anew_with_its_head_is_found_with_a_seal_only(statement: str) -> None:
    assert tampered(statement) == []
    assert tampered(statement, sealed=True) == [BrokenLink(5, 3, "not as sealed")]


@pytest.mark.django_db
def test_what_follows_a_seal_does_not_break_it() -> None:
    write()
    write(None)
    sealed = seals()
    assert [(seal.unit_id, seal.position) for seal in sealed] == [(None, 1), (5, 1)]
    write()
    assert broken_links(sealed=sealed) == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_changed_entry_whose_hash_was_made_anew_breaks_the_next() -> None:
    found = tampered(
        "UPDATE journal_entry AS entry SET actor_label = 'B' WHERE unit_id = 5 AND position = 2;"
        "UPDATE journal_entry AS entry SET hash = journal_hash(entry) WHERE unit_id = 5 AND position = 2"
    )
    assert found == [BrokenLink(5, 3, "out of line")]


@pytest.mark.django_db
def test_heads_keep_the_end_of_each_chain() -> None:
    write()
    last = write()
    head = Head.objects.get(chain=5)
    assert (head.position, head.hash) == (last.position, last.hash)


@pytest.mark.django_db
def test_entries_are_read_by_unit_act_day_and_actor() -> None:
    first, second, other = write(5), write(5), write(6)
    assert list(entries([5])) == [second, first]
    assert list(entries([5, 6])) == [other, second, first]
    assert not entries([5], act="other").exists()
    assert entries([5], since=ON, until=ON + timedelta(days=1)).count() == 2
    assert not entries([5], since=ON + timedelta(days=1)).exists()
    assert not entries([5], until=ON).exists()
    assert entries_by(7).count() == 3
    assert not entries_by(8).exists()


@pytest.mark.django_db
def test_holding_chains_of_several_units_does_not_move_them(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    write(5)
    with django_assert_num_queries(1):
        hold_chains([6, 5, None, 6])
    assert write(5).position == 2
    assert write(6).position == 1
    assert broken_links() == []
