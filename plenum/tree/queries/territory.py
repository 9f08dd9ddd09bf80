"""Whether the same units count at a unit as before: then its figures of two years can be held against each other."""

from datetime import date

from django.db import connection

_LIKE_WITH_LIKE = """
    WITH passed AS MATERIALIZED (
        SELECT link.predecessor_id AS old_id, least(link.on_date, upper(before.lifetime)) - 1 AS old_day,
               link.successor_id AS new_id, greatest(link.on_date, lower(after.lifetime)) AS new_day
        FROM tree_lineage link
        JOIN tree_unit before ON before.id = link.predecessor_id
        JOIN tree_unit after ON after.id = link.successor_id
        WHERE link.on_date > %(first)s AND link.on_date <= %(last)s
        UNION
        SELECT was.parent_id, upper(was.span) - 1, here.parent_id, lower(here.span)
        FROM tree_placement here
        JOIN tree_placement was ON was.unit_id = here.unit_id AND upper(was.span) = lower(here.span)
        WHERE lower(here.span) > %(first)s AND lower(here.span) <= %(last)s
          AND was.parent_id IS DISTINCT FROM here.parent_id
    ),
    asked AS (
        SELECT id, least(%(last)s::date, upper(lifetime) - 1) AS last_day
        FROM tree_unit
        WHERE id = %(unit)s
          -- To what always stands above everything, nothing comes and from it nothing goes.
          AND EXISTS (SELECT FROM tree_placement WHERE unit_id = %(unit)s AND parent_id IS NOT NULL)
    )
    SELECT asked.last_day
    FROM asked
    WHERE EXISTS (
        SELECT FROM passed
        WHERE passed.new_day <= asked.last_day
          AND EXISTS (SELECT FROM tree_ancestry line WHERE line.ancestor_id = asked.id
                        AND line.descendant_id = passed.old_id AND line.span @> passed.old_day)
           <> EXISTS (SELECT FROM tree_ancestry line WHERE line.ancestor_id = asked.id
                        AND line.descendant_id = passed.new_id AND line.span @> passed.new_day)
    )
"""


def like_with_like(unit_id: int, first: date, last: date) -> date | None:
    """The day on whose tree a unit is to be compared with what it was: the last, or its own last if it has ended.

    None if nothing has come to it from elsewhere, or left it, after the first day, with what it was before: by moving,
    or by going on in another. What was founded new, ended without a successor, or regrouped within it makes no
    difference. One query; where nothing has moved in these days it reads next to nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LIKE_WITH_LIKE, {"unit": unit_id, "first": first, "last": last})
        row = cursor.fetchone()
    return row[0] if row else None
