"""Taking back many changes before the day on which they hold: the tree is again as it was, to the day and the number.

What others have done meanwhile stays; where it stands on what would be taken back, that is refused and named.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from psycopg import Error

from plenum.tree.models import Reshaped, Reshaping, Unit
from plenum.tree.reshaping.strands import NO_CYCLE, Progress, count_rows_after, untold
from plenum.tree.rules import MOST_NAMED, Finding, Problem, Refused
from plenum.tree.turn import take_turn

STRANDS = {"name": "tree_unitname", "kind": "tree_unitkind", "parent": "tree_placement"}

_CHANGED_SINCE = """
    SELECT unit.code FROM tree_reshaped done
    LEFT JOIN tree_unit unit ON unit.id = done.unit_id
    -- Each unit by itself, and its days only then: after a large reform nearly all rows begin or end on the same day.
    CROSS JOIN LATERAL (
        SELECT bool_or(lower(span) = %(on)s AND upper(span) IS NOT DISTINCT FROM done.until) AS fresh,
               bool_or(upper(span) = %(on)s) AS held
        FROM (SELECT span FROM {table} each WHERE each.unit_id = done.unit_id OFFSET 0) its
    ) now
    WHERE done.reshaping_id = %(reshaping)s AND done.what = %(what)s AND (now.fresh AND now.held) IS NOT TRUE
    ORDER BY 1 LIMIT %(most)s
"""
_LIVES_CHANGED = """
    SELECT unit.code FROM tree_reshaped done
    LEFT JOIN tree_unit unit ON unit.id = done.unit_id
    WHERE done.reshaping_id = %(reshaping)s AND (
        (done.what = 'ended' AND upper(unit.lifetime) IS DISTINCT FROM %(on)s)
        OR (done.what = 'founded' AND (
            unit.lifetime IS DISTINCT FROM daterange(%(on)s, NULL)
            OR EXISTS (SELECT FROM tree_unitname WHERE unit_id = unit.id AND lower(span) > %(on)s)
            OR EXISTS (SELECT FROM tree_unitkind WHERE unit_id = unit.id AND lower(span) > %(on)s)
            OR EXISTS (SELECT FROM tree_placement WHERE unit_id = unit.id AND lower(span) > %(on)s)))
        OR (done.what = 'linked' AND NOT EXISTS (
            SELECT FROM tree_lineage link
            WHERE (link.predecessor_id, link.successor_id, link.on_date) = (done.unit_id, done.other_id, %(on)s))))
    ORDER BY 1 LIMIT %(most)s
"""
_STILL_NAMED = """
    WITH new AS MATERIALIZED (
        SELECT unit_id FROM tree_reshaped WHERE reshaping_id = %(reshaping)s AND what = 'founded'
    )
    SELECT unit.code FROM (
        SELECT placed.parent_id AS unit_id FROM tree_placement placed
        WHERE placed.parent_id IN (SELECT unit_id FROM new) AND placed.unit_id NOT IN (SELECT unit_id FROM new)
          AND NOT EXISTS (
            SELECT FROM tree_reshaped done
            WHERE done.reshaping_id = %(reshaping)s AND done.what = 'parent' AND done.unit_id = placed.unit_id
              AND lower(placed.span) = %(on)s)
        UNION
        SELECT new.unit_id FROM new JOIN tree_lineage link ON new.unit_id IN (link.predecessor_id, link.successor_id)
        WHERE NOT EXISTS (
            SELECT FROM tree_reshaped done
            WHERE done.reshaping_id = %(reshaping)s AND done.what = 'linked'
              AND (done.unit_id, done.other_id) = (link.predecessor_id, link.successor_id))
    ) named JOIN tree_unit unit ON unit.id = named.unit_id
    ORDER BY 1 LIMIT %(most)s
"""
# What was changed goes or shrinks back to the later value that it had joined; then what held before holds on.
_RESTORE = """
    WITH done AS MATERIALIZED (
        SELECT unit_id, what, former, until FROM tree_reshaped
        WHERE reshaping_id = %(reshaping)s AND what IN (%(what)s, 'ended', 'founded')
    ),
    gone AS (
        DELETE FROM {table} USING done
        WHERE {table}.unit_id = done.unit_id AND lower({table}.span) = %(on)s
          AND (done.what = 'founded' OR (done.what = %(what)s AND done.former IS NOT DISTINCT FROM done.until))
        RETURNING 1
    ),
    shrunk AS (
        UPDATE {table} SET span = daterange(done.former, done.until) FROM done
        WHERE {table}.unit_id = done.unit_id AND lower({table}.span) = %(on)s
          AND done.what = %(what)s AND done.former IS DISTINCT FROM done.until
          AND (SELECT count(*) FROM gone) >= 0
        RETURNING 1
    )
    UPDATE {table} SET span = daterange(lower({table}.span), done.former) FROM done
    WHERE {table}.unit_id = done.unit_id AND upper({table}.span) = %(on)s AND done.what IN (%(what)s, 'ended')
      AND (SELECT count(*) FROM shrunk) >= 0
"""
_REVIVE = """
    UPDATE tree_unit SET lifetime = daterange(lower(lifetime), done.former)
    FROM tree_reshaped done
    WHERE done.reshaping_id = %(reshaping)s AND done.what = 'ended' AND tree_unit.id = done.unit_id
"""
_UNLINK = """
    DELETE FROM tree_lineage link USING tree_reshaped done
    WHERE done.reshaping_id = %(reshaping)s AND done.what = 'linked'
      AND (link.predecessor_id, link.successor_id) = (done.unit_id, done.other_id)
"""
_REMOVE = """
    WITH done AS (
        DELETE FROM tree_reshaped WHERE reshaping_id = %(reshaping)s RETURNING unit_id, what
    )
    DELETE FROM tree_unit USING done WHERE tree_unit.id = done.unit_id AND done.what = 'founded'
"""


@transaction.atomic
def undo_reshape(reshaping_id: int, *, on: date, tell: Progress = untold) -> None:
    """Take back what `reshape` has written under this number; `on` is the day on which that is done.

    `Refused` when the changes hold already, were taken back before, or carry what others have done since; nothing is
    written then. Rows of other rooms that name new units must be gone by then.
    """
    take_turn()
    reshaping = Reshaping.objects.select_for_update().get(pk=reshaping_id)
    if reshaping.undone:
        raise Refused([Finding(Problem.NOTHING_TO_TAKE_BACK, "what")])
    if on >= reshaping.on_date:
        raise Refused([Finding(Problem.IN_EFFECT, "what", {"on": reshaping.on_date})])
    count_rows_after(Reshaped.objects.filter(reshaping=reshaping).count())
    findings = list(_against(reshaping))
    if findings:
        raise Refused(findings)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _restore(cursor, reshaping, tell)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise Refused([_broken_by(error)]) from error
    reshaping.undone = True
    reshaping.save(update_fields=["undone"])


def _against(reshaping: Reshaping) -> Iterator[Finding]:
    for what, table in STRANDS.items():
        for code in _codes(_CHANGED_SINCE.format(table=table), reshaping, what=what):
            yield Finding(Problem.CHANGED_SINCE, "what", {"code": code, "unit": code})
    for code in _codes(_LIVES_CHANGED, reshaping):
        yield Finding(Problem.CHANGED_SINCE, "what", {"code": code, "unit": code})
    for code in _codes(_STILL_NAMED, reshaping):
        yield Finding(Problem.STILL_NAMED, "what", {"code": code, "unit": code})


def _codes(statement: str, reshaping: Reshaping, **values: Any) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"reshaping": reshaping.pk, "on": reshaping.on_date, "most": MOST_NAMED, **values}
        )
        return [row[0] or "–" for row in cursor.fetchall()]


def _restore(cursor: Any, reshaping: Reshaping, tell: Progress) -> None:
    values: dict[str, Any] = {"reshaping": reshaping.pk, "on": reshaping.on_date}
    rows = Reshaped.objects.filter(reshaping=reshaping).values_list("what")
    counts: dict[str, int] = dict(rows.annotate(count=Count("pk")).order_by())
    done, of = 0, sum(counts.values())

    def count(*what: str) -> None:
        nonlocal done
        done += sum(counts.get(each, 0) for each in what)
        tell(done, of)

    count()
    cursor.execute(_REVIVE, values)
    count("ended")
    for what, table in STRANDS.items():
        cursor.execute(_RESTORE.format(table=table), {**values, "what": what})
        count(what)
    cursor.execute(_UNLINK, values)
    count("linked")
    cursor.execute(_REMOVE, values)
    count("founded")


def _broken_by(error: IntegrityError) -> Finding:
    """What the database refuses: a place that no longer fits what was done since, or rows that name a new unit."""
    cause = error.__cause__
    assert isinstance(cause, Error)
    if cause.diag.constraint_name == NO_CYCLE:
        code = Unit.objects.values_list("code", flat=True).get(pk=int(cause.diag.message_detail or 0))
        return Finding(Problem.CHANGED_SINCE, "what", {"code": code, "unit": code})
    return Finding(Problem.NAMED_BY_ROWS, "what")
