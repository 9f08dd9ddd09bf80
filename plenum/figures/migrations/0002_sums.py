"""What the database itself guarantees about returns, and the sums that it keeps from accepted entries.

A *line* is the list of a unit and everything above it, from itself up to the root, on the last day of a month on which
it lived. What stands of a return is added to the roll-ups of its line: once for each unit of it. The root's roll-up is
kept apart by the unit directly below through which it comes, so that no row is written by everybody.
"""

from django.db import migrations

GUARDS = """
ALTER TABLE figures_return
    ADD CONSTRAINT figures_return_no_month_twice EXCLUDE USING gist (
        unit_id WITH =, form WITH =, daterange(first_month, month, '[]') WITH &&
    ),
    ADD CONSTRAINT figures_return_whole_months CHECK (
        extract(day FROM first_month) = 1 AND extract(day FROM month) = 1
        AND extract(year FROM first_month) = extract(year FROM month)
    );

CREATE FUNCTION figures_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s of %s is refused: what has been reported is never changed', TG_OP, TG_TABLE_NAME);
END $$;

CREATE TRIGGER figures_version_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON figures_version
    FOR EACH STATEMENT EXECUTE FUNCTION figures_refuse_change();
CREATE TRIGGER figures_step_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON figures_step
    FOR EACH STATEMENT EXECUTE FUNCTION figures_refuse_change();
CREATE TRIGGER figures_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON figures_entry
    FOR EACH STATEMENT EXECUTE FUNCTION figures_refuse_change();
CREATE TRIGGER figures_return_stays_where_it_is
    BEFORE UPDATE OF id, unit_id, form, period_code, first_month, month ON figures_return
    FOR EACH ROW WHEN (
        (OLD.id, OLD.unit_id, OLD.form, OLD.period_code, OLD.first_month, OLD.month)
        IS DISTINCT FROM (NEW.id, NEW.unit_id, NEW.form, NEW.period_code, NEW.first_month, NEW.month)
    ) EXECUTE FUNCTION figures_refuse_change();
"""

GUARDS_REMOVAL = """
DROP TRIGGER figures_return_stays_where_it_is ON figures_return;
DROP TRIGGER figures_entry_stays ON figures_entry;
DROP TRIGGER figures_step_stays ON figures_step;
DROP TRIGGER figures_version_stays ON figures_version;
DROP FUNCTION figures_refuse_change();
ALTER TABLE figures_return
    DROP CONSTRAINT figures_return_whole_months, DROP CONSTRAINT figures_return_no_month_twice;
"""

SUMS = """
CREATE FUNCTION figures_plus(bigint[], bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT coalesce(one, 0) + coalesce(other, 0)
    FROM unnest($1, $2) WITH ORDINALITY AS slot(one, other, number) ORDER BY number
);
CREATE FUNCTION figures_plus(int[], int[]) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(
    SELECT coalesce(one, 0) + coalesce(other, 0)
    FROM unnest($1, $2) WITH ORDINALITY AS slot(one, other, number) ORDER BY number
);
CREATE FUNCTION figures_negative(bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT -one FROM unnest($1) WITH ORDINALITY AS slot(one, number) ORDER BY number);
CREATE FUNCTION figures_negative(int[]) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT -one FROM unnest($1) WITH ORDINALITY AS slot(one, number) ORDER BY number);

-- The last day of the month on which the unit lived; before its first month, its first day. Read from the ancestry
-- itself, because the lifetime may be written before or after it.
CREATE FUNCTION figures_day(unit bigint, month date) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
RETURN coalesce(
    (SELECT max(least((month + interval '1 month')::date - 1, upper(self.span) - 1))
     FROM tree_ancestry self
     WHERE self.descendant_id = unit AND self.ancestor_id = unit AND self.depth = 0
       AND lower(self.span) < (month + interval '1 month')::date),
    (SELECT min(lower(self.span))
     FROM tree_ancestry self
     WHERE self.descendant_id = unit AND self.ancestor_id = unit AND self.depth = 0)
);

CREATE FUNCTION figures_line(unit bigint, month date) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    day date := figures_day(unit, month);
BEGIN
    RETURN coalesce(
        (SELECT array_agg(above.ancestor_id ORDER BY above.depth)
         FROM tree_ancestry above WHERE above.descendant_id = unit AND above.span @> day),
        '{}');
END $$;

-- What is to be added to the roll-ups of a line.
CREATE TYPE figures_change AS (
    line bigint[], form varchar, first_month date, month date, sums bigint[], counts int[], illustrative int[]
);

-- Rows are written in the order of unit, month, form, so that two writers wait for each other and never deadlock. Units
-- below one another's superior share all of their line but themselves: what they bring is added up before it is spread over
-- the line. Slots are added by their numbers, which is several times faster than to take the arrays apart.
CREATE FUNCTION figures_fold(changes figures_change[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    slots int := (SELECT max(cardinality(each.sums)) FROM unnest(changes) AS each);
    added text := (
        SELECT format('ARRAY[%s] AS sums, ARRAY[%s] AS counts, ARRAY[%s] AS illustrative',
                      string_agg(format('coalesce(sum(sums[%s]), 0)::bigint', number), ','),
                      string_agg(format('coalesce(sum(counts[%s]), 0)::int', number), ','),
                      string_agg(format('coalesce(sum(illustrative[%s]), 0)::int', number), ','))
        FROM generate_series(1, slots) AS number);
BEGIN
    EXECUTE format($fold$
        INSERT INTO figures_rollup AS kept (unit_id, month, form, first_month, branch_id, sums, counts, illustrative)
        WITH change AS (
            SELECT line[1] AS own, line[2:] AS above, CASE WHEN cardinality(line) = 2 THEN line[1] END AS through,
                   form, first_month, month, sums, counts, illustrative
            FROM unnest($1) WHERE cardinality(line) > 0
        ),
        shared AS (
            SELECT above, through, form, first_month, month, %1$s
            FROM change WHERE cardinality(above) > 0 GROUP BY 1, 2, 3, 4, 5
        ),
        placed AS (
            SELECT own AS unit_id, own AS branch_id, form, first_month, month, sums, counts, illustrative FROM change
            UNION ALL
            SELECT above[at], CASE WHEN at < cardinality(above) THEN above[at] WHEN at > 1 THEN above[at - 1]
                                   ELSE through END,
                   form, first_month, month, sums, counts, illustrative
            FROM shared CROSS JOIN LATERAL generate_subscripts(above, 1) AS at
        )
        SELECT * FROM (
            SELECT unit_id, month, form, first_month, branch_id, %1$s
            FROM placed GROUP BY 1, 2, 3, 4, 5
        ) AS folded
        WHERE (SELECT bool_or(value <> 0 OR known <> 0 OR marked <> 0)
               FROM unnest(sums, counts, illustrative) AS slot(value, known, marked))
        ORDER BY unit_id, month, form, first_month, branch_id
        ON CONFLICT (unit_id, month, form, first_month, branch_id) DO UPDATE SET
            sums = figures_plus(kept.sums, excluded.sums),
            counts = figures_plus(kept.counts, excluded.counts),
            illustrative = figures_plus(kept.illustrative, excluded.illustrative)
        $fold$, added) USING changes;
END $$;

CREATE FUNCTION figures_take_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wrong bigint;
    changes figures_change[];
BEGIN
    PERFORM tree_turn_shared();

    SELECT added.id INTO wrong
    FROM added
    JOIN figures_version version ON version.id = added.version_id
    WHERE version.return_id <> added.return_id
       OR EXISTS (
            SELECT FROM figures_entry earlier
            WHERE earlier.return_id = added.return_id AND earlier.id < added.id
              AND earlier.known_on > added.known_on)
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', TABLE = 'figures_entry', CONSTRAINT = 'figures_entry_in_order',
            MESSAGE = format('entry %s is of another return, or known before what was accepted earlier', wrong);
    END IF;

    INSERT INTO figures_standing AS kept
        (return_id, unit_id, form, first_month, month, sums, counts, illustrative, ancestors)
    SELECT filed.id, filed.unit_id, filed.form, filed.first_month, filed.month,
           gained.sums, gained.counts, gained.illustrative, figures_line(filed.unit_id, filed.month)
    FROM (
        SELECT return_id, array_agg(total ORDER BY number) AS sums, array_agg(known ORDER BY number) AS counts,
               array_agg(marked ORDER BY number) AS illustrative
        FROM (
            SELECT added.return_id, slot.number, sum(slot.value)::bigint AS total, sum(slot.known)::int AS known,
                   sum(slot.marked)::int AS marked
            FROM added
            CROSS JOIN LATERAL unnest(added.delta, added.delta_counts, added.delta_illustrative)
                WITH ORDINALITY AS slot(value, known, marked, number)
            GROUP BY 1, 2
        ) by_slot
        GROUP BY return_id
    ) gained
    JOIN figures_return filed ON filed.id = gained.return_id
    ORDER BY filed.unit_id, filed.month, filed.form
    ON CONFLICT (return_id) DO UPDATE SET
        sums = figures_plus(kept.sums, excluded.sums),
        counts = figures_plus(kept.counts, excluded.counts),
        illustrative = figures_plus(kept.illustrative, excluded.illustrative);

    -- All entries of a return must add up to the version accepted last.
    SELECT standing.return_id INTO wrong
    FROM figures_standing standing
    JOIN (
        SELECT DISTINCT ON (added.return_id) added.return_id, version.values, version.illustrative
        FROM added JOIN figures_version version ON version.id = added.version_id
        ORDER BY added.return_id, added.id DESC
    ) accepted USING (return_id)
    WHERE EXISTS (
        SELECT FROM unnest(
            standing.sums, standing.counts, standing.illustrative, accepted.values, accepted.illustrative
        ) AS slot(total, known, marked, value, mark)
        WHERE coalesce(total, 0) <> coalesce(value, 0)
           OR coalesce(known, 0) <> (value IS NOT NULL)::int
           OR coalesce(marked, 0) <> coalesce(mark, false)::int
    )
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', TABLE = 'figures_entry', CONSTRAINT = 'figures_entry_adds_up',
            MESSAGE = format('the entries of return %s do not add up to its accepted version', wrong);
    END IF;

    SELECT array_agg(ROW(
               standing.ancestors, standing.form, standing.first_month, standing.month,
               added.delta, added.delta_counts, added.delta_illustrative)::figures_change)
    INTO changes
    FROM added JOIN figures_standing standing USING (return_id);
    PERFORM figures_fold(changes);
    RETURN NULL;
END $$;

CREATE TRIGGER figures_entry_counts AFTER INSERT ON figures_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION figures_take_entries();

-- The tree has changed, today or back in time: whatever now belongs to another line moves there.
CREATE FUNCTION figures_follow_tree() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changes figures_change[];
BEGIN
    IF NOT EXISTS (SELECT FROM changed) THEN
        RETURN NULL;
    END IF;
    PERFORM tree_turn();
    WITH lined AS MATERIALIZED (
        SELECT unit_id, month, figures_line(unit_id, month) AS line
        FROM (
            SELECT DISTINCT unit_id, month FROM figures_standing
            WHERE unit_id IN (SELECT descendant_id FROM changed)
        ) months
    ),
    moved AS MATERIALIZED (
        SELECT standing.*, lined.line
        FROM figures_standing standing JOIN lined USING (unit_id, month)
        WHERE standing.ancestors <> lined.line
    ),
    stored AS (
        UPDATE figures_standing standing SET ancestors = moved.line
        FROM moved WHERE moved.return_id = standing.return_id
    )
    SELECT array_agg(change) INTO changes
    FROM (
        SELECT ROW(ancestors, form, first_month, month, figures_negative(sums), figures_negative(counts),
                   figures_negative(illustrative))::figures_change AS change
        FROM moved
        UNION ALL
        SELECT ROW(line, form, first_month, month, sums, counts, illustrative)::figures_change FROM moved
    ) both_lines;
    IF changes IS NOT NULL THEN
        PERFORM figures_fold(changes);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER figures_follow_inserted AFTER INSERT ON tree_ancestry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION figures_follow_tree();
CREATE TRIGGER figures_follow_updated AFTER UPDATE ON tree_ancestry
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION figures_follow_tree();
CREATE TRIGGER figures_follow_deleted AFTER DELETE ON tree_ancestry
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION figures_follow_tree();

-- All sums anew, from accepted entries and the tree: for the owner, when an examination has found a wrong one.
CREATE FUNCTION figures_count_again() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changes figures_change[];
BEGIN
    PERFORM tree_turn();
    DELETE FROM figures_rollup;
    DELETE FROM figures_standing;
    INSERT INTO figures_standing
        (return_id, unit_id, form, first_month, month, sums, counts, illustrative, ancestors)
    SELECT filed.id, filed.unit_id, filed.form, filed.first_month, filed.month,
           array_agg(total ORDER BY number), array_agg(known ORDER BY number), array_agg(marked ORDER BY number),
           figures_line(filed.unit_id, filed.month)
    FROM (
        SELECT entry.return_id, slot.number, sum(slot.value)::bigint AS total, sum(slot.known)::int AS known,
               sum(slot.marked)::int AS marked
        FROM figures_entry entry
        CROSS JOIN LATERAL unnest(entry.delta, entry.delta_counts, entry.delta_illustrative)
            WITH ORDINALITY AS slot(value, known, marked, number)
        GROUP BY 1, 2
    ) by_slot
    JOIN figures_return filed ON filed.id = by_slot.return_id
    GROUP BY filed.id;
    SELECT array_agg(ROW(ancestors, form, first_month, month, sums, counts, illustrative)::figures_change)
    INTO changes FROM figures_standing;
    IF changes IS NOT NULL THEN
        PERFORM figures_fold(changes);
    END IF;
END $$;

REVOKE ALL ON FUNCTION figures_fold(figures_change[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION figures_count_again() FROM PUBLIC;
"""

SUMS_REMOVAL = """
DROP FUNCTION figures_count_again();
DROP TRIGGER figures_follow_deleted ON tree_ancestry;
DROP TRIGGER figures_follow_updated ON tree_ancestry;
DROP TRIGGER figures_follow_inserted ON tree_ancestry;
DROP FUNCTION figures_follow_tree();
DROP TRIGGER figures_entry_counts ON figures_entry;
DROP FUNCTION figures_take_entries();
DROP FUNCTION figures_fold(figures_change[]);
DROP TYPE figures_change;
DROP FUNCTION figures_line(bigint, date);
DROP FUNCTION figures_day(bigint, date);
DROP FUNCTION figures_negative(int[]);
DROP FUNCTION figures_negative(bigint[]);
DROP FUNCTION figures_plus(int[], int[]);
DROP FUNCTION figures_plus(bigint[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial"), ("tree", "0003_ancestry")]
    operations = [migrations.RunSQL(GUARDS, GUARDS_REMOVAL), migrations.RunSQL(SUMS, SUMS_REMOVAL)]
