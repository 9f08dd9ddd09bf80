"""Where units count on the tree of a day on which they do not live.

Every unit has one place on the tree of a day, so that what it has reported at other times can be added up there: where
it stood that day; before its founding, where it was first put; after its end, with the unit that it went on in when
there is exactly one, else where it stood last, and so on from there if that has ended by the day as well.

No unit comes to stand below itself: who is not founded yet leads to units founded before it, who has ended leads to
units that outlive it, or that stood above it on its last day.
"""

from django.db import migrations

FORWARD = """
-- Who begins, ends or moves near a day is found without reading every unit.
CREATE INDEX tree_unit_begins ON tree_unit (lower(lifetime));
CREATE INDEX tree_unit_ends ON tree_unit (upper(lifetime)) WHERE NOT upper_inf(lifetime);
CREATE INDEX tree_placement_begins ON tree_placement (lower(span));

-- What changes in the middle of a month is rare, and what it makes inexact is looked for with every figure.
CREATE INDEX tree_ancestry_begins_within_a_month ON tree_ancestry (ancestor_id, lower(span))
    WHERE extract(day FROM lower(span)) <> 1;
CREATE INDEX tree_ancestry_ends_within_a_month ON tree_ancestry (ancestor_id, upper(span))
    WHERE extract(day FROM upper(span)) <> 1;

-- In whom a unit went on when it ended: those named last, if they outlive it. What was split off long before its end
-- has not taken its place.
CREATE FUNCTION tree_heirs() RETURNS TABLE (unit_id bigint, heir_id bigint, heirs bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT named.predecessor_id, named.successor_id, count(*) OVER (PARTITION BY named.predecessor_id)
    FROM (
        SELECT link.predecessor_id, link.successor_id,
               rank() OVER (PARTITION BY link.predecessor_id ORDER BY link.on_date DESC) AS place
        FROM tree_lineage link
        JOIN tree_unit ended ON ended.id = link.predecessor_id
        JOIN tree_unit heir ON heir.id = link.successor_id
        WHERE NOT upper_inf(ended.lifetime)
          AND (upper_inf(heir.lifetime) OR upper(heir.lifetime) > upper(ended.lifetime))
          AND (link.how <> 'split' OR link.on_date >= upper(ended.lifetime))
    ) named
    WHERE named.place = 1;
END;

-- The units that do not live on a day, each with the unit below which it counts on the tree of that day, and whether
-- that one has taken its place.
CREATE FUNCTION tree_absent(day date) RETURNS TABLE (unit_id bigint, parent_id bigint, by_heir boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT unit.id, first_place.parent_id, false
    FROM tree_unit unit
    CROSS JOIN LATERAL (
        SELECT place.parent_id FROM tree_placement place
        WHERE place.unit_id = unit.id AND lower(place.span) = lower(unit.lifetime) OFFSET 0
    ) first_place
    WHERE lower(unit.lifetime) > day
    UNION ALL
    SELECT unit.id, coalesce(heir.heir_id, last_place.parent_id), heir.heir_id IS NOT NULL
    FROM tree_unit unit
    CROSS JOIN LATERAL (
        SELECT place.parent_id FROM tree_placement place
        WHERE place.unit_id = unit.id AND upper(place.span) = upper(unit.lifetime) OFFSET 0
    ) last_place
    LEFT JOIN tree_heirs() heir ON heir.unit_id = unit.id AND heir.heirs = 1
    WHERE upper(unit.lifetime) <= day AND NOT upper_inf(unit.lifetime);
END;

-- Everything that counts at or below some units on the tree of a day; `branch_id` is the unit directly below the one
-- asked for through which it counts, or that unit itself.
CREATE FUNCTION tree_restated_below(asked bigint[], day date)
RETURNS TABLE (ancestor_id bigint, unit_id bigint, branch_id bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE absent AS MATERIALIZED (SELECT * FROM tree_absent(day)),
    below AS (
        (
            SELECT self.id AS ancestor_id, self.id AS unit_id, self.id AS branch_id
            FROM (SELECT DISTINCT unnest(asked) AS id) self
            UNION ALL
            SELECT line.ancestor_id, line.descendant_id, branch.ancestor_id
            FROM tree_ancestry line
            JOIN tree_ancestry branch ON branch.descendant_id = line.descendant_id
                AND branch.depth = line.depth - 1 AND branch.span @> day
            WHERE line.ancestor_id = ANY (asked) AND line.depth > 0 AND line.span @> day
        )
        UNION ALL
        SELECT below.ancestor_id, absent.unit_id,
               CASE WHEN below.unit_id = below.ancestor_id THEN absent.unit_id ELSE below.branch_id END
        FROM below JOIN absent ON absent.parent_id = below.unit_id
    )
    SELECT below.ancestor_id, below.unit_id, below.branch_id FROM below;
END;
"""

BACKWARD = """
DROP FUNCTION tree_restated_below(bigint[], date);
DROP FUNCTION tree_absent(date);
DROP FUNCTION tree_heirs();
DROP INDEX tree_ancestry_ends_within_a_month;
DROP INDEX tree_ancestry_begins_within_a_month;
DROP INDEX tree_placement_begins;
DROP INDEX tree_unit_ends;
DROP INDEX tree_unit_begins;
"""


class Migration(migrations.Migration):
    dependencies = [("tree", "0003_ancestry")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
