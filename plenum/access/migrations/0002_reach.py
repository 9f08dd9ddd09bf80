"""Reach as the database knows it: `plenum.access.reach` once more in SQL, for the policies of the rooms above.

Who speaks is told by the settings `plenum.account`, `plenum.acting_for`, `plenum.powers` (the codes that a token is
limited to; `*` without one), `plenum.day` and `plenum.everything` (see `plenum.access.guard`). What is not told is
nobody, who reaches nothing.

A rule for a row asks two things, which cost little for many rows: whether its unit is one of those where the speaker
holds a power that reaches the unit itself, and whether it stands below one where a power is held that reaches below.
Where powers are held is read once in a statement.

The functions run with the rights of whoever asks, and their bodies are bound to their tables when they are made, or
name where these are: no search path can turn them to others.

The kept answers to writes of programs hold what was answered, so an account is shown its own only. What is older than a
day is forgotten whosever it is, by a function of the owner that says nothing.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION access_everything() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('plenum.everything', true) IS NOT DISTINCT FROM 'on';

CREATE FUNCTION access_account() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('plenum.account', true), '')::bigint;

CREATE FUNCTION access_acting_for() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('plenum.acting_for', true), '')::bigint;

CREATE FUNCTION access_day() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('plenum.day', true), '')::date;

-- Of these powers, the ones that the speaker may use at all.
CREATE FUNCTION access_usable(powers text[]) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN current_setting('plenum.powers', true) = '*' THEN powers
            ELSE ARRAY(SELECT unnest(powers)
                       INTERSECT
                       SELECT unnest(string_to_array(current_setting('plenum.powers', true), ' '))) END;

-- Where the speaker has been granted any of these powers, by grants that count on the day.
CREATE FUNCTION access_holders(powers text[]) RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT given.unit_id), '{}')
    FROM access_grant given
    JOIN access_account account ON account.id = given.account_id
    WHERE given.account_id = access_account() AND account.is_active AND given.span @> access_day()
      AND (access_acting_for() IS NULL OR given.unit_id = access_acting_for())
      AND given.powers::text[] && access_usable(access_holders.powers);
END;

-- Whether a unit stands below one of others on a day, or on the nearest day of its life; or, if it has ended, at or below
-- a unit that went on alone in one that does. The cost is said so that the planner asks it of few rows rather than of all
-- beforehand. In steps, because that is rarely needed: one question for both takes four times as long.
CREATE FUNCTION access_below(unit bigint, others bigint[], day date) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 2000 SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM tree_ancestry line
        WHERE line.descendant_id = unit AND line.ancestor_id = ANY (others) AND line.depth > 0
          AND (line.span @> day
               OR (upper(line.span) <= day
                   AND upper(line.span) = (SELECT upper(lifetime) FROM tree_unit WHERE id = unit))
               OR (lower(line.span) > day
                   AND lower(line.span) = (SELECT lower(lifetime) FROM tree_unit WHERE id = unit))))
    THEN
        RETURN true;
    END IF;
    IF NOT EXISTS (SELECT FROM tree_unit gone WHERE gone.id = unit AND upper(gone.lifetime) <= day) THEN
        RETURN false;
    END IF;
    RETURN EXISTS (
        SELECT FROM tree_unit gone
        JOIN tree_ancestry stood ON stood.descendant_id = gone.id AND upper(stood.span) = upper(gone.lifetime)
        JOIN tree_heir went_on ON went_on.unit_id = stood.ancestor_id AND went_on.since <= day
        JOIN tree_unit heir ON heir.id = went_on.heir_id
        JOIN tree_ancestry line ON line.descendant_id = heir.id AND line.ancestor_id = ANY (others)
        WHERE gone.id = unit
          AND (line.span @> day OR (upper(heir.lifetime) <= day AND upper(line.span) = upper(heir.lifetime))));
END
$$;

-- All of which `access_below` says so, for tables that are read by the thousand: found once for a statement, it is not
-- worked out for each row of what others reach.
CREATE FUNCTION access_all_below(others bigint[], day date) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Gathered before they are compared: to look up each unit that ever stood below a province takes five times as long.
    WITH ended AS MATERIALIZED (
        SELECT id, upper(lifetime) AS until FROM tree_unit WHERE upper(lifetime) <= day AND NOT upper_inf(lifetime)
    ),
    gone_on AS MATERIALIZED (
        SELECT DISTINCT went_on.unit_id
        FROM tree_heir went_on
        JOIN tree_ancestry line ON line.descendant_id = went_on.heir_id AND line.ancestor_id = ANY (others)
        LEFT JOIN ended heir ON heir.id = went_on.heir_id
        WHERE went_on.since <= day AND (line.span @> day OR upper(line.span) = heir.until)
    )
    SELECT line.descendant_id FROM tree_ancestry line
    WHERE line.ancestor_id = ANY (others) AND line.depth > 0
      AND (line.span @> day
           OR (upper(line.span) <= day
               AND upper(line.span) = (SELECT upper(lifetime) FROM tree_unit WHERE id = line.descendant_id))
           OR (lower(line.span) > day
               AND lower(line.span) = (SELECT lower(lifetime) FROM tree_unit WHERE id = line.descendant_id)))
    UNION ALL
    SELECT stood.descendant_id
    FROM gone_on
    JOIN tree_ancestry stood ON stood.ancestor_id = gone_on.unit_id
    JOIN ended gone ON gone.id = stood.descendant_id AND gone.until = upper(stood.span);
END;

-- The unit at the top of the tree, if it has always been that one and it is one of these: whatever else there is stands
-- below it on every day. Found once for a statement, it spares asking that of each of a whole country's rows.
CREATE FUNCTION access_topmost(holders bigint[]) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT max(top.unit_id) FROM tree_placement top WHERE top.parent_id IS NULL
    HAVING count(DISTINCT top.unit_id) = 1 AND bool_and(top.unit_id = ANY (access_topmost.holders));
END;

ALTER TABLE access_idempotencykey ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON access_idempotencykey
    USING ((SELECT access_everything()) OR account_id = (SELECT access_account()));

-- Whoever holds one of them at this moment keeps it until the next time.
CREATE FUNCTION access_forget_keys() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    DELETE FROM access_idempotencykey old WHERE old.id IN (
        SELECT kept.id FROM access_idempotencykey kept
        WHERE kept.made < now() - interval '1 day'
        FOR UPDATE SKIP LOCKED);
END;
"""

BACKWARD = """
DROP FUNCTION access_forget_keys();
DROP POLICY own ON access_idempotencykey;
ALTER TABLE access_idempotencykey DISABLE ROW LEVEL SECURITY;
DROP FUNCTION access_topmost(bigint[]);
DROP FUNCTION access_all_below(bigint[], date);
DROP FUNCTION access_below(bigint, bigint[], date);
DROP FUNCTION access_holders(text[]);
DROP FUNCTION access_usable(text[]);
DROP FUNCTION access_day();
DROP FUNCTION access_acting_for();
DROP FUNCTION access_account();
DROP FUNCTION access_everything();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("tree", "0004_restated")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
