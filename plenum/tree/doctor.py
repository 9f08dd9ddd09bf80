"""Whether the tree is sound: what constraints and triggers keep is examined again, without them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plenum.periods.findings import Check, Finding

MOST_NAMED = 50
"""Damage is told by its first instances; what is behind them is found when these are mended."""

WORK_OUT_AGAIN = "UPDATE tree_placement SET span = span;"
"""What makes the trigger compare every line of the tree with what is kept, and write the difference."""

WORK_OUT_HEIRS = "UPDATE tree_lineage SET how = how;"
"""The same for who took over from whom."""

_STRANDS = """
    SELECT unit.code, strand.what, strand.covered::text, unit.lifetime::text
    FROM tree_unit unit
    CROSS JOIN LATERAL (
        SELECT 'name' AS what, range_agg(span) AS covered, count(*) AS held FROM tree_unitname WHERE unit_id = unit.id
        UNION ALL
        SELECT 'kind', range_agg(span), count(*) FROM tree_unitkind WHERE unit_id = unit.id
        UNION ALL
        SELECT 'parent', range_agg(span), count(*) FROM tree_placement WHERE unit_id = unit.id
    ) strand
    WHERE strand.covered IS DISTINCT FROM datemultirange(unit.lifetime)
    ORDER BY 1, 2 LIMIT %(most)s
"""
_OVERLAPS = """
    SELECT unit.code, strand.what, (strand.span * strand.other)::text
    FROM (
        SELECT 'name' AS what, one.unit_id, one.span, other.span AS other
        FROM tree_unitname one JOIN tree_unitname other
            ON other.unit_id = one.unit_id AND other.id > one.id AND other.span && one.span
        UNION ALL
        SELECT 'kind', one.unit_id, one.span, other.span
        FROM tree_unitkind one JOIN tree_unitkind other
            ON other.unit_id = one.unit_id AND other.id > one.id AND other.span && one.span
        UNION ALL
        SELECT 'parent', one.unit_id, one.span, other.span
        FROM tree_placement one JOIN tree_placement other
            ON other.unit_id = one.unit_id AND other.id > one.id AND other.span && one.span
    ) strand
    JOIN tree_unit unit ON unit.id = strand.unit_id
    ORDER BY 1, 2 LIMIT %(most)s
"""
_ORPHANS = """
    SELECT unit.code, coalesce(parent.code, '#' || placement.parent_id), placement.span::text
    FROM tree_placement placement
    JOIN tree_unit unit ON unit.id = placement.unit_id
    LEFT JOIN tree_unit parent ON parent.id = placement.parent_id
    WHERE placement.parent_id IS NOT NULL AND NOT coalesce(parent.lifetime @> placement.span, false)
    ORDER BY 1, 2 LIMIT %(most)s
"""
_ROOTS = """
    SELECT one_unit.code, other_unit.code, (one.span * other.span)::text
    FROM tree_placement one
    JOIN tree_placement other ON other.parent_id IS NULL AND other.unit_id > one.unit_id AND other.span && one.span
    JOIN tree_unit one_unit ON one_unit.id = one.unit_id
    JOIN tree_unit other_unit ON other_unit.id = other.unit_id
    WHERE one.parent_id IS NULL
    ORDER BY 1, 2 LIMIT %(most)s
"""
_CLIMB = """
    WITH RECURSIVE climb AS (
        SELECT id AS descendant_id, id AS ancestor_id, 0 AS depth, lifetime AS span, ARRAY[id] AS path, false AS loops
        FROM tree_unit
        UNION ALL
        SELECT climb.descendant_id, placement.parent_id, climb.depth + 1, climb.span * placement.span,
               climb.path || placement.parent_id, placement.parent_id = ANY(climb.path)
        FROM climb
        JOIN tree_placement placement ON placement.unit_id = climb.ancestor_id AND placement.span && climb.span
        WHERE placement.parent_id IS NOT NULL AND NOT climb.loops
    )
"""
_CYCLES = f"""
    {_CLIMB}
    SELECT DISTINCT unit.code, climb.span::text
    FROM climb JOIN tree_unit unit ON unit.id = climb.descendant_id
    WHERE climb.loops AND climb.ancestor_id = climb.descendant_id
    ORDER BY 1, 2 LIMIT %(most)s
"""  # noqa: S608
_ANCESTRY = f"""
    {_CLIMB},
    recounted AS (
        SELECT descendant_id, ancestor_id, depth, range_agg(span) AS days FROM climb WHERE NOT loops GROUP BY 1, 2, 3
    ),
    kept AS (
        SELECT descendant_id, ancestor_id, depth, range_agg(span) AS days FROM tree_ancestry GROUP BY 1, 2, 3
    )
    SELECT coalesce(lower_unit.code, '#' || descendant_id), coalesce(upper_unit.code, '#' || ancestor_id), depth,
           coalesce(kept.days::text, ''), coalesce(recounted.days::text, '')
    FROM kept FULL JOIN recounted USING (descendant_id, ancestor_id, depth)
    LEFT JOIN tree_unit lower_unit ON lower_unit.id = descendant_id
    LEFT JOIN tree_unit upper_unit ON upper_unit.id = ancestor_id
    WHERE kept.days IS DISTINCT FROM recounted.days
    ORDER BY 1, 3, 2 LIMIT %(most)s
"""  # noqa: S608

_HEIRS = """
    WITH RECURSIVE named AS MATERIALIZED (
        SELECT link.predecessor_id AS unit_id, link.successor_id AS heir_id, link.on_date,
               greatest(upper(ended.lifetime), lower(heir.lifetime), link.on_date) AS since
        FROM tree_lineage link
        JOIN tree_unit ended ON ended.id = link.predecessor_id AND NOT upper_inf(ended.lifetime)
        JOIN tree_unit heir ON heir.id = link.successor_id
        WHERE coalesce(upper(heir.lifetime), 'infinity') > upper(ended.lifetime)
          AND NOT (link.how = 'split' AND link.on_date < upper(ended.lifetime))
    ),
    last AS (
        SELECT unit_id, heir_id, since, on_date = max(on_date) OVER (PARTITION BY unit_id) AS latest FROM named
    ),
    chain AS (
        SELECT unit_id, min(heir_id) AS heir_id, min(since) AS since
        FROM last WHERE latest GROUP BY unit_id HAVING count(*) = 1
        UNION
        SELECT earlier.unit_id, later.heir_id, greatest(earlier.since, later.since)
        FROM chain earlier JOIN tree_heir later ON later.unit_id = earlier.heir_id
    ),
    kept AS (SELECT unit_id, string_agg(heir_id || ' ' || since, ', ' ORDER BY heir_id, since) AS heirs
             FROM tree_heir GROUP BY 1),
    recounted AS (SELECT unit_id, string_agg(heir_id || ' ' || since, ', ' ORDER BY heir_id, since) AS heirs
                  FROM chain GROUP BY 1)
    SELECT coalesce(unit.code, '#' || unit_id), coalesce(kept.heirs, ''), coalesce(recounted.heirs, '')
    FROM kept FULL JOIN recounted USING (unit_id) LEFT JOIN tree_unit unit ON unit.id = unit_id
    WHERE kept.heirs IS DISTINCT FROM recounted.heirs
    ORDER BY 1 LIMIT %(most)s
"""


def spans_sound() -> Iterator[Finding]:
    """Names, kinds and places cover the life of every unit, each day once."""
    remedy = _restore()
    for code, what, covered, life in _rows(_STRANDS):
        yield Finding(
            _("The unit %(unit)s lives in %(life)s, but its %(what)s is known for %(days)s.")
            % {"unit": code, "life": life, "what": _strand(what), "days": covered or "–"},
            remedy,
        )
    for code, what, days in _rows(_OVERLAPS):
        yield Finding(
            _("The unit %(unit)s has two values at once. What: %(what)s. Days: %(days)s.")
            % {"unit": code, "what": _strand(what), "days": days},
            remedy,
        )


def places_sound() -> Iterator[Finding]:
    """Nobody outlives the unit it stands under, there is one root at a time, and nobody stands below itself."""
    remedy = _restore()
    for code, parent, days in _rows(_ORPHANS):
        yield Finding(
            _("The unit %(unit)s stands under %(parent)s on days on which that does not exist: %(days)s.")
            % {"unit": code, "parent": parent, "days": days},
            remedy,
        )
    for code, other, days in _rows(_ROOTS):
        yield Finding(
            _("Two units have no parent at once: %(unit)s and %(other)s. Days: %(days)s.")
            % {"unit": code, "other": other, "days": days},
            remedy,
        )
    for code, days in _rows(_CYCLES):
        yield Finding(
            _("The unit %(unit)s stands below itself. Days: %(days)s.") % {"unit": code, "days": days},
            remedy,
        )


def ancestry_sound() -> Iterator[Finding]:
    """Who stands how far below whom on which days is what climbing from parent to parent gives."""
    for code, above, depth, kept, recounted in _rows(_ANCESTRY):
        yield Finding(
            _(
                "What is kept of who stands below whom is not what the tree gives. Unit: %(unit)s. Above it: "
                "%(above)s. Steps up: %(steps)s. Kept: %(kept)s. Recounted: %(recounted)s."
            )
            % {
                "unit": code,
                "above": above,
                "steps": depth,
                "kept": kept or "–",
                "recounted": recounted or "–",
            },
            _("Have the database work it out again: %(sql)s") % {"sql": WORK_OUT_AGAIN},
        )


def heirs_sound() -> Iterator[Finding]:
    """Who alone went on with whom is what lineage and lives give."""
    for code, kept, recounted in _rows(_HEIRS):
        yield Finding(
            _(
                "What is kept of who took over from a unit is not what the lineage gives. Unit: %(unit)s. "
                "Kept: %(kept)s. Recounted: %(recounted)s."
            )
            % {"unit": code, "kept": kept or "–", "recounted": recounted or "–"},
            _("Have the database work it out again: %(sql)s") % {"sql": WORK_OUT_HEIRS},
        )


def _restore() -> str:
    return _(
        "Somebody has written to the database past its constraints. Restore the last backup in which this was well."
    )


def _strand(what: str) -> str:
    return {"name": _("name"), "kind": _("kind"), "parent": _("place")}[what]


def _rows(query: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"most": MOST_NAMED})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


checks = [
    Check("tree.spans", gettext_noop("Names, kinds and places cover the life of every unit"), spans_sound),
    Check("tree.places", gettext_noop("Every unit has its place below one root"), places_sound),
    Check("tree.heirs", gettext_noop("Who took over from whom is what the lineage gives"), heirs_sound),
    Check("tree.ancestry", gettext_noop("Who stands below whom is what the tree gives"), ancestry_sound),
]
