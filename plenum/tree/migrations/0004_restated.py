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

-- Who has become one of another kind is among the few whose kind has an end.
CREATE INDEX tree_unitkind_former ON tree_unitkind (unit_id) WHERE NOT upper_inf(span);

-- Most units go on whole. Whether any is divided by a day is asked with every figure on another tree.
CREATE INDEX tree_lineage_divided ON tree_lineage (on_date) WHERE by <> '';

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

-- Who alone went on with whom, and with what that one had taken over: a chain of only heirs. It says whose past is reached
-- with a unit (see access), so it is kept, and worked out again as a whole whenever lineage or a life in it changes.
CREATE FUNCTION tree_keep_heirs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    units bigint[];
    heirs bigint[];
    days date[];
BEGIN
    IF TG_TABLE_NAME = 'tree_unit' THEN
        IF NOT EXISTS (
            SELECT FROM changed
            WHERE EXISTS (SELECT FROM tree_lineage WHERE predecessor_id = changed.id)
               OR EXISTS (SELECT FROM tree_lineage WHERE successor_id = changed.id)
               OR EXISTS (SELECT FROM tree_heir WHERE unit_id = changed.id OR heir_id = changed.id)) THEN
            RETURN NULL;
        END IF;
    END IF;
    PERFORM tree_turn();
    WITH RECURSIVE sole AS MATERIALIZED (
        SELECT named.unit_id, named.heir_id,
               greatest(upper(ended.lifetime), lower(heir.lifetime), link.on_date) AS since
        FROM tree_heirs() named
        JOIN tree_unit ended ON ended.id = named.unit_id
        JOIN tree_unit heir ON heir.id = named.heir_id
        JOIN tree_lineage link ON (link.predecessor_id, link.successor_id) = (named.unit_id, named.heir_id)
        WHERE named.heirs = 1
    ),
    chain AS (
        SELECT unit_id, heir_id, since FROM sole
        UNION
        SELECT chain.unit_id, sole.heir_id, greatest(chain.since, sole.since)
        FROM chain JOIN sole ON sole.unit_id = chain.heir_id
    )
    SELECT array_agg(unit_id), array_agg(heir_id), array_agg(since) INTO units, heirs, days FROM chain;
    DELETE FROM tree_heir kept USING (
        SELECT unit_id, heir_id, since FROM tree_heir
        EXCEPT SELECT * FROM unnest(units, heirs, days)
    ) wrong
    WHERE (kept.unit_id, kept.heir_id) = (wrong.unit_id, wrong.heir_id);
    INSERT INTO tree_heir (unit_id, heir_id, since)
    SELECT * FROM unnest(units, heirs, days)
    EXCEPT SELECT unit_id, heir_id, since FROM tree_heir;
    RETURN NULL;
END $$;

CREATE TRIGGER tree_lineage_turn BEFORE INSERT OR UPDATE OR DELETE ON tree_lineage
    FOR EACH STATEMENT EXECUTE FUNCTION tree_take_turn();
CREATE TRIGGER tree_lineage_inherits AFTER INSERT OR UPDATE OR DELETE ON tree_lineage
    FOR EACH STATEMENT EXECUTE FUNCTION tree_keep_heirs();
CREATE TRIGGER tree_unit_inherits_otherwise AFTER UPDATE ON tree_unit
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tree_keep_heirs();
CREATE TRIGGER tree_unit_inherits_no_more AFTER DELETE ON tree_unit
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tree_keep_heirs();

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
            SELECT branch.ancestor_id, line.descendant_id, branch.descendant_id
            FROM tree_ancestry branch
            JOIN tree_ancestry line ON line.ancestor_id = branch.descendant_id AND line.span @> day
            WHERE branch.ancestor_id = ANY (asked) AND branch.depth = 1 AND branch.span @> day
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
DROP TRIGGER tree_unit_inherits_no_more ON tree_unit;
DROP TRIGGER tree_unit_inherits_otherwise ON tree_unit;
DROP TRIGGER tree_lineage_inherits ON tree_lineage;
DROP TRIGGER tree_lineage_turn ON tree_lineage;
DROP FUNCTION tree_keep_heirs();
DROP FUNCTION tree_heirs();
DROP INDEX tree_ancestry_ends_within_a_month;
DROP INDEX tree_ancestry_begins_within_a_month;
DROP INDEX tree_lineage_divided;
DROP INDEX tree_unitkind_former;
DROP INDEX tree_placement_begins;
DROP INDEX tree_unit_ends;
DROP INDEX tree_unit_begins;
"""


class Migration(migrations.Migration):
    dependencies = [("tree", "0003_ancestry")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
