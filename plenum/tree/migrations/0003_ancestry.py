"""Ancestry, kept from placements by triggers that run as the owner; and one writer of the tree at a time."""

from django.db import migrations

FORWARD = """
-- The lock of the tree: held alone by its writers, shared by whoever must not race a move. What they call is bound when
-- they are made; with a path of their own they could not be put in the place of their call.
CREATE FUNCTION tree_turn() RETURNS void
LANGUAGE sql
BEGIN ATOMIC
    SELECT pg_advisory_xact_lock(72001);
END;
CREATE FUNCTION tree_turn_shared() RETURNS void
LANGUAGE sql
BEGIN ATOMIC
    SELECT pg_advisory_xact_lock_shared(72001);
END;

-- Every write of the tree waits its turn, so that two moves cannot make a cycle together. A transaction that reads from
-- an old snapshot could wait and still not see the other's move: it is refused. Each transaction is counted once; nobody
-- waits for that, because whoever has the turn is alone.
CREATE FUNCTION tree_take_turn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_transaction_state',
            MESSAGE = format('the tree is not written in a %s transaction: it could miss a move made meanwhile',
                             current_setting('transaction_isolation')),
            HINT = 'Use READ COMMITTED.';
    END IF;
    PERFORM tree_turn();
    IF NOT EXISTS (SELECT FROM tree_change WHERE by_transaction = pg_current_xact_id()::text) THEN
        INSERT INTO tree_change AS counted (id, number, by_transaction) VALUES (1, 1, pg_current_xact_id()::text)
        ON CONFLICT (id) DO UPDATE SET number = counted.number + 1, by_transaction = excluded.by_transaction;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER tree_unit_turn BEFORE INSERT OR UPDATE OR DELETE ON tree_unit
    FOR EACH STATEMENT EXECUTE FUNCTION tree_take_turn();
CREATE TRIGGER tree_unitname_turn BEFORE INSERT OR UPDATE OR DELETE ON tree_unitname
    FOR EACH STATEMENT EXECUTE FUNCTION tree_take_turn();
CREATE TRIGGER tree_unitkind_turn BEFORE INSERT OR UPDATE OR DELETE ON tree_unitkind
    FOR EACH STATEMENT EXECUTE FUNCTION tree_take_turn();
CREATE TRIGGER tree_placement_turn BEFORE INSERT OR UPDATE OR DELETE ON tree_placement
    FOR EACH STATEMENT EXECUTE FUNCTION tree_take_turn();

-- The units whose placements changed, and all that stood below them, climb to the root again. What they meet is compared
-- with what is stored; only the difference is written, in one statement, so that whoever follows ancestry never sees half
-- of it: what is cut or stretched stays the same row. Every new descendant of a changed unit is either changed itself or
-- stood below a changed unit before, so the stored ancestry tells whom to recompute. A climb that meets a unit twice in
-- the same days is a cycle.
--
-- A statement that deletes, changes and adds placements comes here three times, each time with all of them written. Units
-- whose own place and superiors are stored as they now are have been dealt with by then. An update that changes nothing is
-- how to have everything compared again.
CREATE FUNCTION tree_keep_ancestry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
DECLARE
    changed bigint[];
    looping bigint;
    again boolean := false;
    gone bigint[];
    resized bigint[];
    sizes daterange[];
    ancestors bigint[];
    descendants bigint[];
    depths int[];
    spans daterange[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT unit_id) INTO changed FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT unit_id) INTO changed FROM old_rows;
    ELSE
        SELECT array_agg(unit_id) INTO changed
        FROM (SELECT unit_id FROM new_rows UNION SELECT unit_id FROM old_rows) both_rows;
        again := NOT EXISTS (
            (SELECT id, unit_id, parent_id, span FROM new_rows)
            EXCEPT (SELECT id, unit_id, parent_id, span FROM old_rows));
    END IF;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;

    IF NOT again THEN
        SELECT array_agg(DISTINCT unit_id) INTO changed
        FROM (
            SELECT unit_id, depth, above_id, range_agg(span) AS days
            FROM (
                SELECT placed.unit_id, 0 AS depth, placed.unit_id AS above_id, placed.span
                FROM tree_placement placed JOIN unnest(changed) AS unit(id) ON unit.id = placed.unit_id
                UNION ALL
                SELECT placed.unit_id, 1, placed.parent_id, placed.span
                FROM tree_placement placed JOIN unnest(changed) AS unit(id) ON unit.id = placed.unit_id
                WHERE placed.parent_id IS NOT NULL
            ) placed GROUP BY 1, 2, 3
        ) wanted
        FULL JOIN (
            SELECT descendant_id AS unit_id, depth::int, ancestor_id AS above_id, range_agg(span) AS days
            FROM tree_ancestry JOIN unnest(changed) AS unit(id) ON unit.id = descendant_id
            WHERE depth <= 1 GROUP BY 1, 2, 3
        ) stored USING (unit_id, depth, above_id)
        WHERE wanted.days IS DISTINCT FROM stored.days;
        IF changed IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;

    WITH RECURSIVE affected(unit_id) AS MATERIALIZED (
        SELECT unnest(changed)
        UNION
        SELECT descendant_id FROM tree_ancestry JOIN unnest(changed) AS unit(id) ON ancestor_id = unit.id
    ),
    climb(descendant_id, ancestor_id, depth, span) AS (
        SELECT unit_id, unit_id, 0, span FROM tree_placement JOIN affected USING (unit_id)
        UNION ALL
        SELECT climb.descendant_id, above.parent_id, climb.depth + 1, climb.span * above.span
        FROM climb
        JOIN tree_placement above ON above.unit_id = climb.ancestor_id AND above.span && climb.span
        WHERE above.parent_id IS NOT NULL
    ) CYCLE ancestor_id SET meets_again USING way,
    wanted AS (
        SELECT descendant_id, ancestor_id, depth, meets_again, unnest(range_agg(span)) AS span
        FROM climb GROUP BY 1, 2, 3, 4
    ),
    stored AS (
        SELECT tree_ancestry.* FROM tree_ancestry JOIN affected ON descendant_id = affected.unit_id
    )
    SELECT min(wanted.ancestor_id) FILTER (WHERE wanted.meets_again),
           array_agg(stored.id) FILTER (WHERE wanted.depth IS NULL),
           array_agg(stored.id) FILTER (WHERE stored.span <> wanted.span),
           array_agg(wanted.span) FILTER (WHERE stored.span <> wanted.span),
           array_agg(wanted.ancestor_id) FILTER (WHERE stored.id IS NULL),
           array_agg(wanted.descendant_id) FILTER (WHERE stored.id IS NULL),
           array_agg(wanted.depth) FILTER (WHERE stored.id IS NULL),
           array_agg(wanted.span) FILTER (WHERE stored.id IS NULL)
    INTO looping, gone, resized, sizes, ancestors, descendants, depths, spans
    FROM wanted FULL JOIN stored
        ON (stored.descendant_id, stored.ancestor_id, stored.depth, lower(stored.span))
         = (wanted.descendant_id, wanted.ancestor_id, wanted.depth, lower(wanted.span));

    IF looping IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = 'tree_placement',
            CONSTRAINT = 'tree_placement_no_cycle',
            MESSAGE = format('unit %s would stand below itself', looping),
            DETAIL = looping::text;
    END IF;
    -- In one statement, so that whoever is told of the change sees the ancestry whole. What is gone must go first.
    WITH away AS (
        DELETE FROM tree_ancestry WHERE id = ANY (gone) RETURNING 1
    ),
    resizing AS (
        UPDATE tree_ancestry SET span = target.span
        FROM unnest(resized, sizes) AS target(id, span)
        WHERE tree_ancestry.id = target.id AND (SELECT count(*) FROM away) >= 0
        RETURNING 1
    )
    INSERT INTO tree_ancestry (ancestor_id, descendant_id, depth, span)
    SELECT fresh.* FROM unnest(ancestors, descendants, depths, spans) AS fresh
    WHERE (SELECT count(*) FROM resizing) >= 0;
    RETURN NULL;
END $$;

CREATE TRIGGER tree_placement_inserted AFTER INSERT ON tree_placement
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tree_keep_ancestry();
CREATE TRIGGER tree_placement_updated AFTER UPDATE ON tree_placement
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tree_keep_ancestry();
CREATE TRIGGER tree_placement_deleted AFTER DELETE ON tree_placement
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tree_keep_ancestry();

-- Also as the owner: ancestry is never written by hand.
CREATE FUNCTION tree_refuse_hand() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege', TABLE = 'tree_ancestry',
            MESSAGE = 'ancestry is kept from placements and not written by hand';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tree_ancestry_by_trigger_only BEFORE INSERT OR UPDATE OR DELETE ON tree_ancestry
    FOR EACH STATEMENT EXECUTE FUNCTION tree_refuse_hand();
REVOKE ALL ON tree_ancestry FROM PUBLIC;
"""

BACKWARD = """
DROP TRIGGER tree_ancestry_by_trigger_only ON tree_ancestry;
DROP FUNCTION tree_refuse_hand();
DROP TRIGGER tree_placement_deleted ON tree_placement;
DROP TRIGGER tree_placement_updated ON tree_placement;
DROP TRIGGER tree_placement_inserted ON tree_placement;
DROP FUNCTION tree_keep_ancestry();
DROP TRIGGER tree_placement_turn ON tree_placement;
DROP TRIGGER tree_unitkind_turn ON tree_unitkind;
DROP TRIGGER tree_unitname_turn ON tree_unitname;
DROP TRIGGER tree_unit_turn ON tree_unit;
DROP FUNCTION tree_take_turn();
DROP FUNCTION tree_turn_shared();
DROP FUNCTION tree_turn();
"""


class Migration(migrations.Migration):
    dependencies = [("tree", "0002_spans")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
