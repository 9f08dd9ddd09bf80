"""Reach as the database knows it: `plenum.access.reach` once more in SQL, for the policies of the rooms above.

Who speaks is told by the settings `plenum.account`, `plenum.acting_for`, `plenum.powers` (the codes that a token is
limited to; `*` without one), `plenum.day` and `plenum.everything` (see `plenum.access.guard`). What is not told is
nobody, who reaches nothing.

The functions run with the rights of whoever asks, and their bodies are bound to their tables when they are made: no
search path can turn them to others, and the planner looks into them.
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

-- The grants of the speaker that count on the day.
CREATE FUNCTION access_running_grants() RETURNS TABLE (unit_id bigint, powers text[])
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT given.unit_id, given.powers::text[]
    FROM access_grant given
    JOIN access_account account ON account.id = given.account_id
    WHERE given.account_id = (SELECT access_account()) AND account.is_active
      AND given.span @> (SELECT access_day())
      AND given.unit_id = coalesce((SELECT access_acting_for()), given.unit_id);
END;

-- Ancestry as it holds on the day, or on the nearest day of the life of the descendant.
CREATE FUNCTION access_line() RETURNS TABLE (ancestor_id bigint, descendant_id bigint, depth smallint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT line.ancestor_id, line.descendant_id, line.depth
    FROM tree_ancestry line
    JOIN tree_unit unit ON unit.id = line.descendant_id
    WHERE line.span @> (SELECT access_day())
       OR (upper(unit.lifetime) <= (SELECT access_day()) AND upper(line.span) = upper(unit.lifetime))
       OR (lower(unit.lifetime) > (SELECT access_day()) AND lower(line.span) = lower(unit.lifetime));
END;

-- The units that the speaker reaches on the day with any of some powers, given by how far each extends. A unit reached
-- from two grants is named twice.
CREATE FUNCTION access_reached(unit_and_below text[], below text[], unit text[]) RETURNS TABLE (unit_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT line.descendant_id
    FROM access_running_grants() given
    JOIN access_line() line ON line.ancestor_id = given.unit_id
    WHERE given.powers && (SELECT access_usable(unit_and_below))
       OR (line.depth > 0 AND given.powers && (SELECT access_usable(below)))
       OR (line.depth = 0 AND given.powers && (SELECT access_usable(unit)));
END;
"""

BACKWARD = """
DROP FUNCTION access_reached(text[], text[], text[]);
DROP FUNCTION access_line();
DROP FUNCTION access_running_grants();
DROP FUNCTION access_usable(text[]);
DROP FUNCTION access_day();
DROP FUNCTION access_acting_for();
DROP FUNCTION access_account();
DROP FUNCTION access_everything();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("tree", "0003_ancestry")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
