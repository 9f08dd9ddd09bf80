"""What the database itself guarantees about returns, and the sums that it keeps from accepted entries.

A *line* is the list of a unit and everything above it, from itself up to the root, on the last day of a month on which
it lived. What stands of a return is added once to the roll-up of each unit above it on its line; for the unit itself it
stands in `figures_standing` alone. The root's roll-up is kept apart by the unit directly below through which it comes, so
that no row is written by everybody.
"""

from django.db import migrations

# Pages of rows that change keep room, so that a change stays on its page and every index keeps pointing at it.
GUARDS = """
ALTER TABLE figures_return SET (fillfactor = 80);
ALTER TABLE figures_standing SET (fillfactor = 80);
ALTER TABLE figures_rollup SET (fillfactor = 60);

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

ARRAYS = """
-- Arrays are mostly added where few slots differ: loops are faster here than taking both apart.
CREATE FUNCTION figures_plus(one NUMBERS[], other NUMBERS[]) RETURNS NUMBERS[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF one IS NULL THEN
        RETURN other;
    ELSIF other IS NULL THEN
        RETURN one;
    END IF;
    FOR slot IN 1 .. cardinality(other) LOOP
        IF other[slot] <> 0 THEN
            one[slot] := coalesce(one[slot], 0) + other[slot];
        END IF;
    END LOOP;
    RETURN one;
END $$;
CREATE FUNCTION figures_times(numbers NUMBERS[], sign int) RETURNS NUMBERS[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF sign = 1 OR numbers IS NULL THEN
        RETURN numbers;
    END IF;
    FOR slot IN 1 .. cardinality(numbers) LOOP
        IF numbers[slot] <> 0 THEN
            numbers[slot] := sign * numbers[slot];
        END IF;
    END LOOP;
    RETURN numbers;
END $$;
"""
"""Adding and turning around arrays of numbers, for one type of number, which is put in its place."""
SUMS = """
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

-- What is to be added to the roll-ups above a unit, as known since a day. ``above``: from its parent up to the root, which
-- is ``top``; ``through``: the unit directly below the root through which it comes; ``sign``: 1, or -1 to take it away.
-- Arrays that add nothing are NULL.
CREATE TYPE figures_change AS (
    above bigint[], top bigint, through bigint, kind varchar, form varchar, first_month date, month date,
    known_on date, sums bigint[], counts int[], illustrative int[], quarter int[], half int[], year int[],
    sign int
);

-- The same for one row of the roll-ups.
CREATE TYPE figures_addition AS (
    unit_id bigint, branch_id bigint, kind varchar, form varchar, first_month date, month date, known_on date,
    sums bigint[], counts int[], illustrative int[], quarter int[], half int[], year int[]
);

-- Months of a year in which a unit stood on the same line on the last day of each.
CREATE TYPE figures_run AS (first int, last int, line bigint[]);

-- Returns of a unit that are counted to the same units above; of kind 'part' through the same unit below the root, of kind
-- 'tree' all of them.
CREATE TYPE figures_group AS (kind varchar, above bigint[], members boolean[]);

-- The lines on which a unit stood on the last day of each month of a year; none for months at whose end it did not live.
CREATE FUNCTION figures_runs(unit bigint, of_year int) RETURNS SETOF figures_run
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT min(number)::int, max(number)::int, line
    FROM (
        SELECT number, line, number - row_number() OVER (PARTITION BY line ORDER BY number) AS island
        FROM (
            SELECT number, array_agg(above.ancestor_id ORDER BY above.depth) AS line
            FROM generate_series(1, 12) AS number
            JOIN tree_ancestry above ON above.descendant_id = unit
                AND above.span @> (make_date(of_year, number, 1) + interval '1 month - 1 day')::date
            GROUP BY 1
        ) monthly
    ) islands
    GROUP BY line, island;
END;

-- What the accepted entries of a unit, form and year bring to the roll-ups above it, one entry after the other in the order
-- in which they became known. ``leaving``: entries that are left out; ``those``: those whose changes are told, after all
-- others of their day: who waited for another acceptance of the unit may have been numbered before it.
--
-- Flows (kind 'flow') stand in the month of their return: sums, counts, and in ``quarter``, ``half`` and ``year`` 1 where
-- no earlier return of that span knows the slot and is counted to the same unit above: these add up to the number of units.
-- A unit that has moved is counted once at the root, with the first of its branches; kind 'part' holds what is to be added
-- there so that each branch counts it, and kind 'tree' so that the first return of a unit is counted once, whoever stood
-- above it then: on one tree for all months that adds up to the number of units.
-- Stocks (kind 'stock') are the change of what is carried from return to return, month by month on the line of the month's
-- end, so that all changes of a year up to a month add up to the stock at its end; their ``quarter`` counts the
-- units that have reported for that very month.
CREATE FUNCTION figures_course(
    of_unit bigint, of_form varchar, of_year int, sign int, leaving bigint[] DEFAULT '{}', those bigint[] DEFAULT NULL
) RETURNS SETOF figures_change
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 5000 ROWS 50 SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    returns bigint[];
    firsts date[];
    months date[];
    tops bigint[];
    throughs bigint[];
    groups figures_group[];
    lines figures_run[];
    runs figures_run[];
    run figures_run;
    grouped figures_group;
    entry record;
    change figures_change;
    nothing figures_change;
    slots int;
    many int;
    here int;
    number int;
    before int;
    after int;
    gained int;
    lo int;
    hi int;
    told boolean;
    turned boolean;
    known int[][];
    sums bigint[][];
    marks int[][];
    moved bigint[][];
    moved_counts int[][];
    moved_marks int[][];
    fresh int[];
    quarters int[][];
    halves int[][];
    years int[][];
    touched boolean[];
    quarter date;
    half date;
    year date;
    value bigint;
    mark int;
    held bigint;
    held_count int;
    held_mark int;
BEGIN
    SELECT array_agg(return_id ORDER BY month), array_agg(standing.first_month ORDER BY standing.month),
           array_agg(standing.month ORDER BY standing.month),
           array_agg(ancestors[cardinality(ancestors)] ORDER BY standing.month),
           array_agg(ancestors[greatest(cardinality(ancestors) - 1, 1)] ORDER BY standing.month),
           max(cardinality(standing.sums)), count(*),
           array_agg(ROW(1, 12, ancestors)::figures_run ORDER BY standing.month),
           CASE WHEN count(DISTINCT ancestors) = 1
                THEN ARRAY[ROW('flow', (min(ancestors))[2:], array_agg(true))::figures_group] END
    INTO returns, firsts, months, tops, throughs, slots, many, lines, groups
    FROM figures_standing standing
    WHERE unit_id = of_unit AND form = of_form
      AND standing.month BETWEEN make_date(of_year, 1, 1) AND make_date(of_year, 12, 1);
    IF many = 0 THEN
        RETURN;
    END IF;
    IF groups IS NULL THEN
        SELECT array_agg(ROW(kind, ARRAY[above], members)::figures_group) INTO groups
        FROM (
            SELECT 'flow' AS kind, each.above,
                   array_agg(each.above = ANY (standing.ancestors[2:]) ORDER BY standing.month) AS members
            FROM (
                SELECT DISTINCT unnest(ancestors[2:]) AS above FROM figures_standing
                WHERE return_id = ANY (returns)
            ) each
            CROSS JOIN figures_standing standing
            WHERE standing.return_id = ANY (returns)
            GROUP BY each.above
            UNION ALL
            SELECT 'part', each.top,
                   array_agg((standing.ancestors[cardinality(standing.ancestors)],
                              standing.ancestors[greatest(cardinality(standing.ancestors) - 1, 1)])
                             = (each.top, each.through) ORDER BY standing.month)
            FROM (
                SELECT DISTINCT ancestors[cardinality(ancestors)] AS top, ancestors[cardinality(ancestors) - 1] AS through
                FROM figures_standing WHERE return_id = ANY (returns) AND cardinality(ancestors) > 1
            ) each
            CROSS JOIN figures_standing standing
            WHERE standing.return_id = ANY (returns)
            GROUP BY each.top, each.through
            UNION ALL
            SELECT 'tree', NULL, array_fill(true, ARRAY[many])
        ) by_above;
    END IF;
    SELECT array_agg(ROW(first, last, line)::figures_run ORDER BY first) INTO runs
    FROM figures_yearline WHERE unit_id = of_unit AND figures_yearline.year = of_year;
    known := array_fill(0, ARRAY[many, slots]);
    sums := array_fill(0::bigint, ARRAY[many, slots]);
    marks := array_fill(0, ARRAY[many, slots]);
    nothing.form := of_form;
    nothing.sign := sign;

    FOR entry IN
        SELECT id, known_on, delta, delta_counts, delta_illustrative, array_position(returns, return_id) AS place
        FROM figures_entry
        WHERE return_id = ANY (returns) AND id <> ALL (leaving)
        ORDER BY known_on, id = ANY (those), id
    LOOP
        here := entry.place;
        told := those IS NULL OR entry.id = ANY (those);
        IF told THEN
            change := nothing;
            change.known_on := entry.known_on;
            change.kind := 'flow';
            change.first_month := firsts[here];
            change.month := months[here];
            change.top := tops[here];
            change.through := throughs[here];
            change.sums := entry.delta;
            change.counts := entry.delta_counts;
            change.illustrative := entry.delta_illustrative;
            FOREACH grouped IN ARRAY coalesce(groups, '{}') LOOP
                IF grouped.kind = 'flow' AND grouped.members[here] THEN
                    change.above := grouped.above;
                    RETURN NEXT change;
                END IF;
            END LOOP;
            moved := array_fill(0::bigint, ARRAY[many + 1, slots]);
            moved_counts := array_fill(0, ARRAY[many + 1, slots]);
            moved_marks := array_fill(0, ARRAY[many + 1, slots]);
            touched := array_fill(false, ARRAY[many + 1]);
            fresh := NULL;
        END IF;
        turned := false;
        FOR slot IN 1 .. slots LOOP
            value := coalesce(entry.delta[slot], 0);
            gained := coalesce(entry.delta_counts[slot], 0);
            mark := coalesce(entry.delta_illustrative[slot], 0);
            CONTINUE WHEN value = 0 AND gained = 0 AND mark = 0;
            IF told THEN
                before := 0;
                FOR earlier IN REVERSE here - 1 .. 1 LOOP
                    IF known[earlier][slot] > 0 THEN
                        before := earlier;
                        EXIT;
                    END IF;
                END LOOP;
                after := 0;
                FOR later IN here + 1 .. many LOOP
                    IF known[later][slot] > 0 THEN
                        after := later;
                        EXIT;
                    END IF;
                END LOOP;
                held := 0;
                held_count := 0;
                held_mark := 0;
                IF known[here][slot] > 0 THEN
                    held := -sums[here][slot];
                    held_count := -1;
                    held_mark := -marks[here][slot];
                ELSIF before > 0 THEN
                    held := -sums[before][slot];
                    held_count := -1;
                    held_mark := -marks[before][slot];
                END IF;
                IF known[here][slot] + gained > 0 THEN
                    held := held + sums[here][slot] + value;
                    held_count := held_count + 1;
                    held_mark := held_mark + marks[here][slot] + mark;
                ELSIF before > 0 THEN
                    held := held + sums[before][slot];
                    held_count := held_count + 1;
                    held_mark := held_mark + marks[before][slot];
                END IF;
                moved[after + 1][slot] := held;
                moved_counts[after + 1][slot] := held_count;
                moved_marks[after + 1][slot] := held_mark;
                touched[after + 1] := true;
                IF gained <> 0 THEN
                    IF NOT turned THEN
                        fresh := array_fill(0, ARRAY[slots]);
                        turned := true;
                    END IF;
                    fresh[slot] := gained;
                END IF;
            END IF;
        END LOOP;

        IF told THEN
            change := nothing;
            change.known_on := entry.known_on;
            change.kind := 'stock';
            number := date_part('month', months[here]);
            FOREACH run IN ARRAY coalesce(runs, '{}') LOOP
                CONTINUE WHEN cardinality(run.line) < 2;
                change.above := run.line[2:];
                change.top := run.line[cardinality(run.line)];
                change.through := run.line[cardinality(run.line) - 1];
                FOR upto IN 1 .. many + 1 LOOP
                    CONTINUE WHEN NOT touched[upto];
                    lo := greatest(number, run.first);
                    hi := least(CASE WHEN upto = 1 THEN 12 ELSE date_part('month', months[upto - 1])::int - 1 END, run.last);
                    CONTINUE WHEN lo > hi;
                    change.sums := ARRAY(SELECT unnest(moved[upto:upto]));
                    change.counts := ARRAY(SELECT unnest(moved_counts[upto:upto]));
                    change.illustrative := ARRAY(SELECT unnest(moved_marks[upto:upto]));
                    change.month := make_date(of_year, lo, 1);
                    change.first_month := change.month;
                    change.quarter := NULL;
                    change.sign := sign;
                    RETURN NEXT change;
                    IF hi < 12 THEN
                        change.sign := -sign;
                        change.month := make_date(of_year, hi + 1, 1);
                        change.first_month := change.month;
                        RETURN NEXT change;
                    END IF;
                END LOOP;
                IF turned AND number BETWEEN run.first AND run.last THEN
                    change.sums := NULL;
                    change.counts := NULL;
                    change.illustrative := NULL;
                    change.quarter := fresh;
                    change.sign := sign;
                    change.month := months[here];
                    change.first_month := change.month;
                    RETURN NEXT change;
                END IF;
            END LOOP;

            IF turned THEN
                quarter := date_trunc('quarter', months[here]);
                half := make_date(of_year, CASE WHEN number > 6 THEN 7 ELSE 1 END, 1);
                year := make_date(of_year, 1, 1);
                FOREACH grouped IN ARRAY coalesce(groups, '{}') LOOP
                    CONTINUE WHEN NOT grouped.members[here];
                    quarters := array_fill(0, ARRAY[many, slots]);
                    halves := quarters;
                    years := quarters;
                    touched := array_fill(false, ARRAY[many]);
                    touched[here] := true;
                    FOR slot IN 1 .. slots LOOP
                        CONTINUE WHEN fresh[slot] = 0;
                        before := 0;
                        FOR earlier IN REVERSE here - 1 .. 1 LOOP
                            IF grouped.members[earlier] AND known[earlier][slot] > 0 THEN
                                before := earlier;
                                EXIT;
                            END IF;
                        END LOOP;
                        after := 0;
                        FOR later IN here + 1 .. many LOOP
                            IF grouped.members[later] AND known[later][slot] > 0 THEN
                                after := later;
                                EXIT;
                            END IF;
                        END LOOP;
                        IF before = 0 THEN
                            years[here][slot] := fresh[slot];
                            IF after > 0 THEN
                                years[after][slot] := -fresh[slot];
                                touched[after] := true;
                            END IF;
                        END IF;
                        IF firsts[here] >= half AND (before = 0 OR firsts[before] < half) THEN
                            halves[here][slot] := fresh[slot];
                            IF after > 0 AND months[after] < half + interval '6 months' THEN
                                halves[after][slot] := -fresh[slot];
                                touched[after] := true;
                            END IF;
                        END IF;
                        IF firsts[here] >= quarter AND (before = 0 OR firsts[before] < quarter) THEN
                            quarters[here][slot] := fresh[slot];
                            IF after > 0 AND months[after] < quarter + interval '3 months' THEN
                                quarters[after][slot] := -fresh[slot];
                                touched[after] := true;
                            END IF;
                        END IF;
                    END LOOP;
                    FOR place IN 1 .. many LOOP
                        CONTINUE WHEN NOT touched[place];
                        change := nothing;
                        change.known_on := entry.known_on;
                        change.kind := grouped.kind;
                        change.above := CASE grouped.kind WHEN 'tree' THEN lines[place].line[2:] ELSE grouped.above END;
                        change.first_month := firsts[place];
                        change.month := months[place];
                        change.top := tops[place];
                        change.through := throughs[place];
                        change.quarter := ARRAY(SELECT unnest(quarters[place:place]));
                        change.half := ARRAY(SELECT unnest(halves[place:place]));
                        change.year := ARRAY(SELECT unnest(years[place:place]));
                        RETURN NEXT change;
                        IF cardinality(groups) > 1 AND grouped.kind = 'flow' THEN
                            change.sign := -sign;
                            change.kind := 'tree';
                            RETURN NEXT change;
                            IF grouped.above[1] = tops[place] THEN
                                change.kind := 'part';
                                RETURN NEXT change;
                            END IF;
                        END IF;
                    END LOOP;
                END LOOP;
            END IF;
        END IF;

        FOR slot IN 1 .. slots LOOP
            CONTINUE WHEN coalesce(entry.delta[slot], 0) = 0 AND coalesce(entry.delta_counts[slot], 0) = 0
                      AND coalesce(entry.delta_illustrative[slot], 0) = 0;
            sums[here][slot] := sums[here][slot] + coalesce(entry.delta[slot], 0);
            known[here][slot] := known[here][slot] + coalesce(entry.delta_counts[slot], 0);
            marks[here][slot] := marks[here][slot] + coalesce(entry.delta_illustrative[slot], 0);
        END LOOP;
    END LOOP;
END $$;

CREATE AGGREGATE figures_total(bigint[]) (SFUNC = figures_plus, STYPE = bigint[], PARALLEL = SAFE);
CREATE AGGREGATE figures_total(int[]) (SFUNC = figures_plus, STYPE = int[], PARALLEL = SAFE);

-- Adds changes to the roll-ups, all rows of them in one order, so that two writers wait for each other and never deadlock.
-- Units below one another's superior share their line: what they bring is added up before it is spread over the line.
CREATE FUNCTION figures_fold(changes figures_change[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB' SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    additions figures_addition[];
    slots int;
    total text;
BEGIN
    IF cardinality(changes) < 100 THEN
        SELECT array_agg(ROW(unit_id, branch_id, kind, form, first_month, month, known_on, sums, counts, illustrative,
                             quarter, half, year)::figures_addition)
        INTO additions
        FROM (
            SELECT unit_id, CASE WHEN unit_id = top THEN through ELSE unit_id END AS branch_id, kind, form, first_month,
                   month, known_on, figures_total(figures_times(sums, sign)) AS sums,
                   figures_total(figures_times(counts, sign)) AS counts,
                   figures_total(figures_times(illustrative, sign)) AS illustrative,
                   figures_total(figures_times(quarter, sign)) AS quarter,
                   figures_total(figures_times(half, sign)) AS half, figures_total(figures_times(year, sign)) AS year
            FROM unnest(changes) CROSS JOIN LATERAL unnest(above) AS unit_id
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ) placed
        WHERE 0 <> ANY (sums) OR 0 <> ANY (counts) OR 0 <> ANY (illustrative)
           OR 0 <> ANY (quarter) OR 0 <> ANY (half) OR 0 <> ANY (year);
    ELSE
        -- Slots are added by their numbers, which is many times faster than to add arrays.
        SELECT max(greatest(cardinality(sums), cardinality(quarter))) INTO slots FROM unnest(changes);
        SELECT string_agg(format('(ARRAY[%s]::%s[])[1:max(slots)] AS %I', terms, type, name), ', ') INTO total
        FROM (
            SELECT name, type, string_agg(format('coalesce(sum(sign * %I[%s]), 0)', name, number), ', ' ORDER BY number) AS terms
            FROM (VALUES ('sums', 'bigint'), ('counts', 'int'), ('illustrative', 'int'), ('quarter', 'int'),
                         ('half', 'int'), ('year', 'int')) AS arrays(name, type)
            CROSS JOIN generate_series(1, slots) AS number
            GROUP BY name, type
        ) listed;
        EXECUTE format($fold$
            WITH change AS (
                SELECT *, greatest(cardinality(sums), cardinality(quarter)) AS slots
                FROM unnest($1) WHERE cardinality(above) > 0
            ),
            shared AS (
                SELECT above, top, through, kind, form, first_month, month, known_on, 1 AS sign, max(slots) AS slots, %1$s
                FROM change GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
            ),
            placed AS (
                SELECT unit_id, CASE WHEN unit_id = top THEN through ELSE unit_id END AS branch_id, kind, form,
                       first_month, month, known_on, %1$s
                FROM shared CROSS JOIN LATERAL unnest(above) AS unit_id
                GROUP BY 1, 2, 3, 4, 5, 6, 7
            )
            SELECT array_agg(ROW(unit_id, branch_id, kind, form, first_month, month, known_on,
                                 CASE WHEN 0 <> ANY (sums) THEN sums END, CASE WHEN 0 <> ANY (counts) THEN counts END,
                                 CASE WHEN 0 <> ANY (illustrative) THEN illustrative END,
                                 CASE WHEN 0 <> ANY (quarter) THEN quarter END,
                                 CASE WHEN 0 <> ANY (half) THEN half END,
                                 CASE WHEN 0 <> ANY (year) THEN year END)::figures_addition)
            FROM placed
            WHERE 0 <> ANY (sums) OR 0 <> ANY (counts) OR 0 <> ANY (illustrative)
               OR 0 <> ANY (quarter) OR 0 <> ANY (half) OR 0 <> ANY (year)
            $fold$, total) USING changes INTO additions;
    END IF;
    IF additions IS NOT NULL THEN
        PERFORM figures_add(additions);
    END IF;
END $$;

-- Rows that are new take all their additions at once; to others each day is added by itself, the earliest first. All are
-- locked before the first is written.
CREATE FUNCTION figures_add(additions figures_addition[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET work_mem = '64MB' SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    day date;
    older figures_addition[] := additions;
    any_fresh boolean;
    wanted int;
    locked int;
    newest date;
    oldest date;
    days int;
BEGIN
    SELECT count(*), min(known_on), count(DISTINCT known_on) INTO wanted, day, days FROM unnest(additions);
    FOR attempt IN 1 .. 2 LOOP
        SELECT count(*), max(since), min(since), bool_or(since IS NULL)
        INTO locked, newest, oldest, any_fresh
        FROM (
            SELECT kept.id, kept.since
            FROM figures_rollup kept
            WHERE (unit_id, kind, month, form, first_month, branch_id) IN (
                SELECT unit_id, kind, month, form, first_month, branch_id FROM unnest(additions))
            ORDER BY unit_id, kind, month, form, first_month, branch_id
            FOR UPDATE
        ) rows_in_order;
        EXIT WHEN attempt = 2 OR (days = 1 AND locked = wanted);
        INSERT INTO figures_rollup (unit_id, branch_id, kind, form, first_month, month)
        SELECT DISTINCT unit_id, branch_id, kind, form, first_month, month FROM unnest(additions)
        ORDER BY unit_id, kind, month, form, first_month, branch_id
        ON CONFLICT (unit_id, kind, month, form, first_month, branch_id) DO NOTHING;
    END LOOP;

    IF days = 1 AND NOT any_fresh AND newest <= day THEN
        PERFORM figures_add_on(additions, day, oldest < day, false);
        RETURN;
    END IF;
    IF any_fresh THEN
        SELECT array_agg(ROW(added.*)::figures_addition) INTO older
        FROM unnest(additions) added
        JOIN figures_rollup kept USING (unit_id, branch_id, kind, form, first_month, month)
        WHERE kept.since IS NOT NULL;
        WITH grown AS MATERIALIZED (
            SELECT kept.id, unit_id, branch_id, kind, form, first_month, month, added.known_on,
                   figures_total(added.sums) OVER days AS sums, figures_total(added.counts) OVER days AS counts,
                   figures_total(added.illustrative) OVER days AS illustrative,
                   figures_total(added.quarter) OVER days AS quarter, figures_total(added.half) OVER days AS half,
                   figures_total(added.year) OVER days AS year,
                   lead(added.known_on) OVER days AS until
            FROM figures_rollup kept
            JOIN unnest(additions) added USING (unit_id, branch_id, kind, form, first_month, month)
            WHERE kept.since IS NULL
            WINDOW days AS (PARTITION BY kept.id ORDER BY added.known_on)
        ),
        past AS (
            INSERT INTO figures_pastrollup (rollup_id, unit_id, branch_id, kind, form, first_month, month, since, until,
                                            sums, counts, illustrative, quarter, half, year)
            SELECT id, unit_id, branch_id, kind, form, first_month, month, known_on, until, sums, counts, illustrative,
                   quarter, half, year
            FROM grown WHERE until IS NOT NULL
        )
        UPDATE figures_rollup kept SET
            since = grown.known_on, sums = grown.sums, counts = grown.counts, illustrative = grown.illustrative,
            quarter = grown.quarter, half = grown.half, year = grown.year
        FROM grown WHERE grown.id = kept.id AND grown.until IS NULL;
    END IF;

    FOR day IN SELECT DISTINCT known_on FROM unnest(older) ORDER BY 1 LOOP
        PERFORM figures_add_on(
            (SELECT array_agg(ROW(added.*)::figures_addition) FROM unnest(older) added WHERE known_on = day),
            day, true, true);
    END LOOP;
END $$;

-- What becomes known on one day, to rows that are locked: how a row was before that day is kept beside it.
CREATE FUNCTION figures_add_on(additions figures_addition[], day date, any_before boolean, any_after boolean)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF any_before THEN
        INSERT INTO figures_pastrollup (rollup_id, unit_id, branch_id, kind, form, first_month, month, since, until,
                                        sums, counts, illustrative, quarter, half, year)
        SELECT kept.id, unit_id, branch_id, kind, form, first_month, month, kept.since, day, kept.sums, kept.counts,
               kept.illustrative, kept.quarter, kept.half, kept.year
        FROM figures_rollup kept
        JOIN unnest(additions) added USING (unit_id, branch_id, kind, form, first_month, month)
        WHERE kept.since < day;
    END IF;

    IF any_after AND EXISTS (
        SELECT FROM figures_rollup kept
        JOIN unnest(additions) added USING (unit_id, branch_id, kind, form, first_month, month)
        WHERE kept.since > day)
    THEN
        -- It was known before what has been added already: the rows of the past change as well.
        WITH late AS MATERIALIZED (
            SELECT kept.id, kept.since, unit_id, branch_id, kind, form, first_month, month
            FROM figures_rollup kept
            JOIN unnest(additions) added USING (unit_id, branch_id, kind, form, first_month, month)
            WHERE kept.since > day
        ),
        cut AS (
            UPDATE figures_pastrollup past SET until = day
            FROM late WHERE past.rollup_id = late.id AND past.since < day AND past.until > day
            RETURNING past.rollup_id
        )
        INSERT INTO figures_pastrollup (rollup_id, unit_id, branch_id, kind, form, first_month, month, since, until,
                                        sums, counts, illustrative, quarter, half, year)
        SELECT late.id, late.unit_id, late.branch_id, late.kind, late.form, late.first_month, late.month, day,
               coalesce(past.until, (SELECT min(later.since) FROM figures_pastrollup later WHERE later.rollup_id = late.id),
                        late.since),
               past.sums, past.counts, past.illustrative, past.quarter, past.half, past.year
        FROM late
        LEFT JOIN figures_pastrollup past
            ON past.rollup_id = late.id AND past.since < day AND past.until > day
        WHERE NOT EXISTS (SELECT FROM figures_pastrollup same WHERE same.rollup_id = late.id AND same.since = day);

        UPDATE figures_pastrollup past SET
            sums = figures_plus(past.sums, added.sums), counts = figures_plus(past.counts, added.counts),
            illustrative = figures_plus(past.illustrative, added.illustrative),
            quarter = figures_plus(past.quarter, added.quarter), half = figures_plus(past.half, added.half),
            year = figures_plus(past.year, added.year)
        FROM figures_rollup kept
        JOIN unnest(additions) added USING (unit_id, branch_id, kind, form, first_month, month)
        WHERE past.rollup_id = kept.id AND kept.since > day AND past.since >= day;
    END IF;

    UPDATE figures_rollup kept SET
        since = greatest(kept.since, day),
        sums = figures_plus(kept.sums, added.sums), counts = figures_plus(kept.counts, added.counts),
        illustrative = figures_plus(kept.illustrative, added.illustrative),
        quarter = figures_plus(kept.quarter, added.quarter), half = figures_plus(kept.half, added.half),
        year = figures_plus(kept.year, added.year)
    FROM unnest(additions) added
    WHERE (kept.unit_id, kept.branch_id, kept.kind, kept.form, kept.first_month, kept.month)
        = (added.unit_id, added.branch_id, added.kind, added.form, added.first_month, added.month);
END $$;

-- The lines of years of units that have none yet: one run of twelve months for all but those that begin, move or end.
CREATE FUNCTION figures_open_years(units bigint[], years int[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT array_agg(asked.unit_id), array_agg(asked.year) INTO units, years
    FROM unnest(units, years) AS asked(unit_id, year)
    LEFT JOIN LATERAL (
        SELECT kept.id FROM figures_yearline kept
        WHERE kept.unit_id = asked.unit_id AND kept.year = asked.year LIMIT 1
    ) kept ON true
    WHERE kept.id IS NULL;
    IF units IS NULL THEN
        RETURN;
    END IF;
    WITH opened AS MATERIALIZED (
        SELECT asked.unit_id, asked.year FROM unnest(units, years) AS asked(unit_id, year)
    ),
    settled AS MATERIALIZED (
        SELECT opened.unit_id, opened.year, array_agg(above.ancestor_id ORDER BY above.depth) AS line
        FROM opened JOIN tree_ancestry above ON above.descendant_id = opened.unit_id
            AND above.span @> make_date(opened.year, 1, 31)
        GROUP BY 1, 2
        HAVING bool_and(above.span @> daterange(make_date(opened.year, 1, 31), make_date(opened.year, 12, 31), '[]'))
    )
    INSERT INTO figures_yearline (unit_id, year, first, last, line)
    SELECT unit_id, year, 1, 12, line FROM settled
    UNION ALL
    SELECT opened.unit_id, opened.year, run.first, run.last, run.line
    FROM opened CROSS JOIN LATERAL figures_runs(opened.unit_id, opened.year) AS run
    WHERE NOT EXISTS (
        SELECT FROM settled WHERE settled.unit_id = opened.unit_id AND settled.year = opened.year)
    ORDER BY 1, 2, 3
    ON CONFLICT (unit_id, year, first) DO NOTHING;
END $$;

-- One return at a time is the rule, and planning anew would cost more than that; many at once are found by the same indexes.
CREATE FUNCTION figures_take_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    wrong bigint;
    units bigint[];
    years int[];
    changes figures_change[];
    taken bigint[];
    one record;
    rows_above bigint[];
    locked bigint;
    oldest date;
    newest date;
BEGIN
    PERFORM tree_turn_shared();
    -- What a return adds depends on the other returns of its year: those of one unit come one after the other.
    PERFORM FROM tree_unit
    WHERE id IN (SELECT filed.unit_id FROM added JOIN figures_return filed ON filed.id = added.return_id)
    ORDER BY id FOR NO KEY UPDATE;

    -- Most of what comes day by day is one correction of values, by which no slot becomes known, unknown or illustrative,
    -- of a unit that stands still and always reports the same slots, and nothing of its year, nor of the sums above it,
    -- became known later. It goes the shortest way; whatever is not so, or not as it should be, goes through all that
    -- follows. Sums are locked in the order in which all lock them.
    SELECT standing.return_id, standing.form, standing.first_month, standing.month, near.after, run.line, added.known_on,
           stands.sums, added.delta AS more, figures_times(added.delta, -1) AS less
    INTO one
    FROM added
    JOIN figures_version version ON version.id = added.version_id AND version.return_id = added.return_id
    JOIN figures_standing standing ON standing.return_id = added.return_id
    JOIN figures_yearline run ON run.unit_id = standing.unit_id AND run.year = date_part('year', standing.month)
        AND run.first = 1 AND run.last = 12 AND run.line = standing.ancestors
    CROSS JOIN LATERAL (
        SELECT bool_and(other.counts = standing.counts AND other.ancestors = standing.ancestors) AS alike,
               min(other.month) FILTER (WHERE other.month > standing.month) AS after,
               array_agg(other.return_id) AS returns
        FROM figures_standing other
        WHERE other.unit_id = standing.unit_id AND other.form = standing.form
          AND other.month BETWEEN make_date(run.year, 1, 1) AND make_date(run.year, 12, 1)
    ) near
    CROSS JOIN LATERAL (SELECT figures_plus(standing.sums, added.delta) AS sums OFFSET 0) stands
    WHERE (SELECT count(*) FROM added) = 1 AND 0 <> ANY (added.delta) AND NOT 0 <> ANY (added.delta_counts)
      AND near.alike AND cardinality(run.line) > 1
      AND stands.sums = array_replace(version.values, NULL, 0)
      AND array_positions(standing.counts, 0) IS NOT DISTINCT FROM array_positions(version.values, NULL)
      AND NOT 0 <> ANY (added.delta_illustrative)
      AND array_positions(standing.illustrative, 1) IS NOT DISTINCT FROM array_positions(version.illustrative, true)
      AND NOT EXISTS (
            SELECT FROM figures_entry later WHERE later.return_id = ANY (near.returns) AND later.known_on > added.known_on);
    IF FOUND THEN
        SELECT array_agg(id), count(*), min(since), CASE WHEN bool_and(since IS NOT NULL) THEN max(since) END
        INTO rows_above, locked, oldest, newest
        FROM (
            SELECT kept.id, kept.since
            FROM unnest(one.line) WITH ORDINALITY AS line(above, place)
            CROSS JOIN (VALUES ('flow', one.first_month, one.month), ('stock', one.month, one.month),
                               ('stock', one.after, one.after)) AS told(kind, first_month, month)
            JOIN figures_rollup kept
                ON (kept.unit_id, kept.kind, kept.month, kept.form, kept.first_month)
                 = (line.above, told.kind, told.month, one.form, told.first_month)
                AND kept.branch_id = CASE WHEN place = cardinality(one.line) THEN one.line[place - 1] ELSE above END
            WHERE place > 1
            ORDER BY kept.unit_id, kept.kind, kept.month, kept.form, kept.first_month, kept.branch_id
            FOR UPDATE OF kept
        ) rows_in_order;
        IF locked = (cardinality(one.line) - 1) * (CASE WHEN one.after IS NULL THEN 2 ELSE 3 END)
           AND newest <= one.known_on
        THEN
            UPDATE figures_standing SET sums = one.sums WHERE return_id = one.return_id;
            IF oldest < one.known_on THEN
                INSERT INTO figures_pastrollup (rollup_id, unit_id, branch_id, kind, form, first_month, month, since, until,
                                                sums, counts, illustrative, quarter, half, year)
                SELECT id, unit_id, branch_id, kind, form, first_month, month, since, one.known_on, sums, counts,
                       illustrative, quarter, half, year
                FROM figures_rollup WHERE id = ANY (rows_above) AND since < one.known_on;
            END IF;
            UPDATE figures_rollup SET
                since = one.known_on,
                sums = figures_plus(sums, CASE WHEN month = one.after THEN one.less ELSE one.more END)
            WHERE id = ANY (rows_above);
            RETURN NULL;
        END IF;
    END IF;

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

    SELECT array_agg(unit_id), array_agg(year) INTO units, years
    FROM (
        SELECT DISTINCT filed.unit_id, date_part('year', filed.month)::int AS year
        FROM added JOIN figures_return filed ON filed.id = added.return_id
        WHERE NOT EXISTS (SELECT FROM figures_standing standing WHERE standing.return_id = added.return_id)
    ) reported;
    IF units IS NOT NULL THEN
        PERFORM figures_open_years(units, years);
    END IF;

    INSERT INTO figures_standing AS kept
        (return_id, unit_id, form, first_month, month, sums, counts, illustrative, ancestors)
    SELECT filed.id, filed.unit_id, filed.form, filed.first_month, filed.month,
           gained.sums, gained.counts, gained.illustrative,
           coalesce(run.line, figures_line(filed.unit_id, filed.month))
    FROM (
        SELECT return_id, figures_total(delta) AS sums, figures_total(delta_counts) AS counts,
               figures_total(delta_illustrative) AS illustrative
        FROM added GROUP BY return_id
    ) gained
    JOIN figures_return filed ON filed.id = gained.return_id
    LEFT JOIN figures_yearline run ON run.unit_id = filed.unit_id AND run.year = date_part('year', filed.month)
        AND date_part('month', filed.month) BETWEEN run.first AND run.last
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
    WHERE (standing.sums, array_positions(standing.counts, 0), array_positions(standing.illustrative, 1))
            IS DISTINCT FROM
          (array_replace(accepted.values, NULL, 0), array_positions(accepted.values, NULL),
           array_positions(accepted.illustrative, true))
       OR NOT ARRAY[0, 1] @> standing.counts OR NOT ARRAY[0, 1] @> standing.illustrative
    LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', TABLE = 'figures_entry', CONSTRAINT = 'figures_entry_adds_up',
            MESSAGE = format('the entries of return %s do not add up to its accepted version', wrong);
    END IF;

    IF units IS NOT NULL THEN
        INSERT INTO figures_mixedyear (unit_id, year)
        SELECT unit_id, year FROM unnest(units, years) AS reported(unit_id, year)
        WHERE (SELECT min(form) <> max(form) FROM figures_standing standing
               WHERE standing.unit_id = reported.unit_id
                 AND standing.month BETWEEN make_date(reported.year, 1, 1) AND make_date(reported.year, 12, 1))
        ORDER BY 1, 2
        ON CONFLICT (unit_id, year) DO NOTHING;
    END IF;

    -- Nearly all that comes is plain: the next return of a unit that stands still and always reports the same slots, or a
    -- correction of values in one. That is told at once; what is left goes through the whole course of its year.
    WITH single AS MATERIALIZED (
        SELECT * FROM (
            SELECT added.id, added.known_on, added.delta, added.delta_counts, added.delta_illustrative, standing.*,
                   count(*) OVER (PARTITION BY standing.unit_id, standing.form, date_part('year', standing.month)) AS many
            FROM added JOIN figures_standing standing USING (return_id)
        ) each
        WHERE many = 1
    ),
    plain AS MATERIALIZED (
        SELECT standing.id, standing.known_on, standing.delta, standing.delta_illustrative, standing.form, standing.first_month,
               standing.month, standing.ancestors, standing.sums, standing.counts, standing.illustrative,
               NOT 0 <> ANY (standing.delta_counts) AS corrected, before.sums AS sums_before,
               before.illustrative AS illustrative_before, near.after,
               CASE WHEN standing.first_month >= date_trunc('quarter', standing.month)
                     AND NOT coalesce(near.last >= date_trunc('quarter', standing.month), false)
                    THEN standing.counts END AS quarter,
               CASE WHEN standing.first_month >= half.start AND NOT coalesce(near.last >= half.start, false)
                    THEN standing.counts END AS half,
               CASE WHEN near.last IS NULL THEN standing.counts END AS year
        FROM single standing
        JOIN figures_yearline run ON run.unit_id = standing.unit_id AND run.year = date_part('year', standing.month)
            AND run.first = 1 AND run.last = 12 AND run.line = standing.ancestors
        CROSS JOIN LATERAL (
            SELECT make_date(run.year, CASE WHEN date_part('month', standing.month) > 6 THEN 7 ELSE 1 END, 1) AS start
        ) half
        CROSS JOIN LATERAL (
            SELECT bool_and(other.counts = standing.counts AND other.ancestors = standing.ancestors) AS alike,
                   max(other.first_month) FILTER (WHERE other.month < standing.month) AS last,
                   max(other.month) FILTER (WHERE other.month < standing.month) AS before,
                   min(other.month) FILTER (WHERE other.month > standing.month) AS after,
                   array_agg(other.return_id) AS returns
            FROM figures_standing other
            WHERE other.unit_id = standing.unit_id AND other.form = standing.form
              AND other.month BETWEEN make_date(run.year, 1, 1) AND make_date(run.year, 12, 1)
              AND other.return_id <> standing.return_id
        ) near
        LEFT JOIN figures_standing before ON before.unit_id = standing.unit_id AND before.form = standing.form
            AND before.month = near.before
        WHERE coalesce(near.alike, true)
          AND (NOT 0 <> ANY (standing.delta_counts)
               OR near.after IS NULL AND standing.delta = standing.sums AND standing.delta_counts = standing.counts)
          AND NOT EXISTS (
                SELECT FROM figures_entry later
                WHERE later.return_id = ANY (near.returns) AND later.known_on > standing.known_on)
    ),
    told AS (
        SELECT ROW(ancestors[2:], ancestors[cardinality(ancestors)], ancestors[cardinality(ancestors) - 1], kind, form,
                   first_month, month, known_on, sums, counts, illustrative, quarter, half, year, sign)::figures_change
                   AS change
        FROM (
            SELECT ancestors, 'flow' AS kind, form, first_month, month, known_on, delta AS sums, counts,
                   delta_illustrative AS illustrative, quarter, half, year, 1 AS sign
            FROM plain WHERE NOT corrected
            UNION ALL
            SELECT ancestors, 'stock', form, month, month, known_on, sums, year, illustrative, counts, NULL, NULL, 1
            FROM plain WHERE NOT corrected
            UNION ALL
            SELECT ancestors, 'stock', form, month, month, known_on, sums_before, NULL, illustrative_before, NULL, NULL,
                   NULL, -1
            FROM plain WHERE NOT corrected AND sums_before IS NOT NULL
            UNION ALL
            SELECT ancestors, 'flow', form, first_month, month, known_on, delta, NULL, delta_illustrative, NULL, NULL,
                   NULL, 1
            FROM plain WHERE corrected
            UNION ALL
            SELECT ancestors, 'stock', form, month, month, known_on, delta, NULL, delta_illustrative, NULL, NULL, NULL, 1
            FROM plain WHERE corrected
            UNION ALL
            SELECT ancestors, 'stock', form, after, after, known_on, delta, NULL, delta_illustrative, NULL, NULL, NULL, -1
            FROM plain WHERE corrected AND after IS NOT NULL
        ) rows_of_plain
        WHERE cardinality(ancestors) > 1
    )
    SELECT (SELECT array_agg(change) FROM told), (SELECT array_agg(id) FROM plain) INTO changes, taken;

    -- What has become known last is added to what stands; where it became known before something of the same year of the
    -- unit, all of that is taken out and counted anew.
    IF cardinality(taken) IS DISTINCT FROM (SELECT count(*)::int FROM added) THEN
        WITH course AS MATERIALIZED (
            SELECT standing.unit_id, standing.form, date_part('year', standing.month)::int AS year,
                   array_agg(added.id) AS ids, min(added.known_on) AS first_day
            FROM added JOIN figures_standing standing USING (return_id)
            WHERE NOT EXISTS (SELECT FROM unnest(taken) AS id WHERE id = added.id)
            GROUP BY 1, 2, 3
        ),
        ordered AS MATERIALIZED (
            SELECT course.*, NOT EXISTS (
                SELECT FROM figures_standing standing JOIN figures_entry later USING (return_id)
                WHERE standing.unit_id = course.unit_id AND standing.form = course.form
                  AND standing.month BETWEEN make_date(course.year, 1, 1) AND make_date(course.year, 12, 1)
                  AND later.known_on > course.first_day AND later.id <> ALL (course.ids)) AS last
            FROM course
        )
        SELECT changes || array_agg(change) INTO changes
        FROM (
            SELECT change.*::figures_change AS change
            FROM ordered CROSS JOIN LATERAL figures_course(unit_id, form, year, 1, '{}', ids) AS change
            WHERE last
            UNION ALL
            SELECT change.*::figures_change
            FROM ordered CROSS JOIN LATERAL figures_course(unit_id, form, year, 1) AS change
            WHERE NOT last
            UNION ALL
            SELECT change.*::figures_change
            FROM ordered CROSS JOIN LATERAL figures_course(unit_id, form, year, -1, ids) AS change
            WHERE NOT last
        ) told;
    END IF;
    IF changes IS NOT NULL THEN
        PERFORM figures_fold(changes);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER figures_entry_counts AFTER INSERT ON figures_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION figures_take_entries();

-- The tree has changed, today or back in time: whatever now belongs to another line moves there.
CREATE FUNCTION figures_follow_tree() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    units bigint[];
    years int[];
    changes figures_change[];
BEGIN
    IF NOT EXISTS (SELECT FROM changed) THEN
        RETURN NULL;
    END IF;
    PERFORM tree_turn();
    WITH reported AS MATERIALIZED (
        SELECT DISTINCT standing.unit_id, date_part('year', standing.month)::int AS year
        FROM figures_standing standing WHERE standing.unit_id IN (SELECT descendant_id FROM changed)
    ),
    -- Most stand on one line all year, the same as before: these are found for all at once.
    unmoved AS MATERIALIZED (
        SELECT kept.unit_id, kept.year
        FROM (
            SELECT reported.unit_id, reported.year, array_agg(above.ancestor_id ORDER BY above.depth) AS line
            FROM reported JOIN tree_ancestry above ON above.descendant_id = reported.unit_id
                AND above.span @> make_date(reported.year, 1, 31)
            GROUP BY 1, 2
            HAVING bool_and(above.span @> daterange(make_date(reported.year, 1, 31),
                                                    make_date(reported.year, 12, 31), '[]'))
        ) settled
        JOIN figures_yearline kept USING (unit_id, year, line) WHERE kept.first = 1 AND kept.last = 12
    )
    SELECT array_agg(unit_id), array_agg(year) INTO units, years
    FROM (SELECT unit_id, year FROM reported EXCEPT SELECT unit_id, year FROM unmoved) reported
    WHERE EXISTS (
            SELECT FROM figures_standing standing
            WHERE standing.unit_id = reported.unit_id
              AND standing.month BETWEEN make_date(reported.year, 1, 1) AND make_date(reported.year, 12, 1)
              AND standing.ancestors <> figures_line(standing.unit_id, standing.month))
       OR EXISTS (
            (SELECT first, last, line FROM figures_yearline kept
             WHERE kept.unit_id = reported.unit_id AND kept.year = reported.year)
            EXCEPT
            (SELECT first, last, line FROM figures_runs(reported.unit_id, reported.year)))
       OR EXISTS (
            (SELECT first, last, line FROM figures_runs(reported.unit_id, reported.year))
            EXCEPT
            (SELECT first, last, line FROM figures_yearline kept
             WHERE kept.unit_id = reported.unit_id AND kept.year = reported.year));
    IF units IS NULL THEN
        RETURN NULL;
    END IF;
    changes := figures_courses(units, years, -1);
    UPDATE figures_standing standing SET ancestors = figures_line(standing.unit_id, standing.month)
    FROM unnest(units, years) AS moved(unit_id, year)
    WHERE standing.unit_id = moved.unit_id
      AND standing.month BETWEEN make_date(moved.year, 1, 1) AND make_date(moved.year, 12, 1);
    DELETE FROM figures_yearline kept USING unnest(units, years) AS moved(unit_id, year)
    WHERE kept.unit_id = moved.unit_id AND kept.year = moved.year;
    PERFORM figures_open_years(units, years);
    changes := changes || figures_courses(units, years, 1);
    IF changes IS NOT NULL THEN
        PERFORM figures_fold(changes);
    END IF;
    RETURN NULL;
END $$;

-- Everything that the entries of some years of units bring, in all their forms.
CREATE FUNCTION figures_courses(units bigint[], years int[], sign int) RETURNS figures_change[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT array_agg(change.*::figures_change)
        FROM (
            SELECT DISTINCT standing.unit_id, asked.year, standing.form
            FROM unnest(units, years) AS asked(unit_id, year)
            JOIN figures_standing standing ON standing.unit_id = asked.unit_id
                AND standing.month BETWEEN make_date(asked.year, 1, 1) AND make_date(asked.year, 12, 1)
        ) reported
        CROSS JOIN LATERAL figures_course(reported.unit_id, reported.form, reported.year, sign) AS change);
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
    units bigint[];
    years int[];
    changes figures_change[];
BEGIN
    PERFORM tree_turn();
    DELETE FROM figures_pastrollup;
    DELETE FROM figures_rollup;
    DELETE FROM figures_yearline;
    DELETE FROM figures_mixedyear;
    DELETE FROM figures_standing;
    INSERT INTO figures_standing
        (return_id, unit_id, form, first_month, month, sums, counts, illustrative, ancestors)
    SELECT filed.id, filed.unit_id, filed.form, filed.first_month, filed.month, stands.sums, stands.counts,
           stands.illustrative, figures_line(filed.unit_id, filed.month)
    FROM (
        SELECT return_id, figures_total(delta ORDER BY id) AS sums, figures_total(delta_counts ORDER BY id) AS counts,
               figures_total(delta_illustrative ORDER BY id) AS illustrative
        FROM figures_entry GROUP BY 1
    ) stands
    JOIN figures_return filed ON filed.id = stands.return_id;
    SELECT array_agg(unit_id), array_agg(year) INTO units, years
    FROM (SELECT DISTINCT unit_id, date_part('year', month)::int AS year FROM figures_standing) AS reported;
    PERFORM figures_open_years(units, years);
    INSERT INTO figures_mixedyear (unit_id, year)
    SELECT unit_id, date_part('year', month)::int FROM figures_standing GROUP BY 1, 2 HAVING min(form) <> max(form);
    FOR units, years IN
        SELECT array_agg(unit_id), array_agg(year)
        FROM (
            SELECT unit_id, date_part('year', month)::int AS year,
                   max(ancestors[greatest(cardinality(ancestors) - 1, 1)]) AS through
            FROM figures_standing GROUP BY 1, 2
        ) branches
        GROUP BY year, through ORDER BY year, through
    LOOP
        changes := figures_courses(units, years, 1);
        IF changes IS NOT NULL THEN
            PERFORM figures_fold(changes);
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION figures_fold(figures_change[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION figures_add(figures_addition[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION figures_add_on(figures_addition[], date, boolean, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION figures_open_years(bigint[], int[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION figures_count_again() FROM PUBLIC;
"""

SUMS_REMOVAL = """
DROP FUNCTION figures_count_again();
DROP TRIGGER figures_follow_deleted ON tree_ancestry;
DROP TRIGGER figures_follow_updated ON tree_ancestry;
DROP TRIGGER figures_follow_inserted ON tree_ancestry;
DROP FUNCTION figures_courses(bigint[], int[], int);
DROP FUNCTION figures_follow_tree();
DROP TRIGGER figures_entry_counts ON figures_entry;
DROP FUNCTION figures_take_entries();
DROP FUNCTION figures_open_years(bigint[], int[]);
DROP FUNCTION figures_add_on(figures_addition[], date, boolean, boolean);
DROP FUNCTION figures_add(figures_addition[]);
DROP FUNCTION figures_fold(figures_change[]);
DROP AGGREGATE figures_total(int[]);
DROP AGGREGATE figures_total(bigint[]);
DROP FUNCTION figures_course(bigint, varchar, int, int, bigint[], bigint[]);
DROP FUNCTION figures_runs(bigint, int);
DROP TYPE figures_group;
DROP TYPE figures_run;
DROP TYPE figures_addition;
DROP TYPE figures_change;
DROP FUNCTION figures_line(bigint, date);
DROP FUNCTION figures_day(bigint, date);
DROP FUNCTION figures_times(int[], int);
DROP FUNCTION figures_times(bigint[], int);
DROP FUNCTION figures_plus(int[], int[]);
DROP FUNCTION figures_plus(bigint[], bigint[]);
"""
ALL_SUMS = "".join((*(ARRAYS.replace("NUMBERS", each) for each in ("bigint", "int")), SUMS))


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial"), ("tree", "0003_ancestry")]
    operations = [migrations.RunSQL(GUARDS, GUARDS_REMOVAL), migrations.RunSQL(ALL_SUMS, SUMS_REMOVAL)]
