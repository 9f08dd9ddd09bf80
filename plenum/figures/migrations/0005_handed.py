"""Which returns of a year each unit has handed in, kept by the database: who is late is asked of a whole country.

A row has a bit for every month in which a period of its length ends: the first for January. Two writers may change
different bits of a row at the same time: each sets and clears its own only.
"""

from importlib import import_module

from django.db import migrations

rows = import_module("plenum.figures.migrations.0003_rows")
AT, BELOW = rows.RETURNS_AT, rows.RETURNS_BELOW

HANDED = """
-- The months of a year whose last day lies in a span, as bits.
CREATE FUNCTION figures_months(span daterange, year int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN isempty(span) THEN 0 ELSE
    ((1 << least(12, greatest(0, coalesce((date_part('year', upper(span))::int - year) * 12
                                          + date_part('month', upper(span))::int - 1, 12)))) - 1)
    & ~((1 << least(12, greatest(0, coalesce((date_part('year', lower(span))::int - year) * 12
                                             + date_part('month', lower(span))::int - 1, 0)))) - 1) END;

CREATE FUNCTION figures_length(first_month date, month date) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (date_part('month', month) - date_part('month', first_month))::int + 1;

CREATE FUNCTION figures_hand_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO figures_handed AS kept
        (unit_id, form, year, length, handed, accepted, submitted_until, accepted_until)
    SELECT unit_id, form, date_part('year', month)::int, figures_length(first_month, month),
           bit_or(1 << (date_part('month', month)::int - 1)),
           bit_or(CASE WHEN accepted_version IS NULL THEN 0 ELSE 1 << (date_part('month', month)::int - 1) END),
           max(first_submitted_on), max(accepted_on)
    FROM filed
    WHERE accepted_version IS NOT NULL OR state IN ('submitted', 'accepted')
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (unit_id, form, year, length) DO UPDATE SET
        handed = kept.handed | excluded.handed,
        accepted = kept.accepted | excluded.accepted,
        submitted_until = greatest(kept.submitted_until, excluded.submitted_until),
        accepted_until = greatest(kept.accepted_until, excluded.accepted_until)
    WHERE (kept.handed | excluded.handed, kept.accepted | excluded.accepted,
           greatest(kept.submitted_until, excluded.submitted_until),
           greatest(kept.accepted_until, excluded.accepted_until))
        IS DISTINCT FROM (kept.handed, kept.accepted, kept.submitted_until, kept.accepted_until);
    RETURN NULL;
END $$;

-- One return that has been handed in, accepted, sent back or taken away.
CREATE FUNCTION figures_hand_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    bit int := 1 << (date_part('month', OLD.month)::int - 1);
    is_handed boolean := TG_OP = 'UPDATE' AND (NEW.accepted_version IS NOT NULL OR NEW.state IN ('submitted', 'accepted'));
    is_accepted boolean := TG_OP = 'UPDATE' AND NEW.accepted_version IS NOT NULL;
BEGIN
    INSERT INTO figures_handed AS kept
        (unit_id, form, year, length, handed, accepted, submitted_until, accepted_until)
    VALUES (
        OLD.unit_id, OLD.form, date_part('year', OLD.month)::int, figures_length(OLD.first_month, OLD.month),
        CASE WHEN is_handed THEN bit ELSE 0 END, CASE WHEN is_accepted THEN bit ELSE 0 END,
        CASE WHEN is_handed THEN NEW.first_submitted_on END, CASE WHEN is_accepted THEN NEW.accepted_on END)
    ON CONFLICT (unit_id, form, year, length) DO UPDATE SET
        handed = kept.handed & ~bit | excluded.handed,
        accepted = kept.accepted & ~bit | excluded.accepted,
        submitted_until = greatest(kept.submitted_until, excluded.submitted_until),
        accepted_until = greatest(kept.accepted_until, excluded.accepted_until);
    RETURN NULL;
END $$;

-- What is handed in, from the returns as they are.
CREATE FUNCTION figures_handed_recounted()
RETURNS TABLE (
    unit_id bigint, form varchar, year int, length int, handed int, accepted int, submitted_until date,
    accepted_until date)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT filed.unit_id, filed.form, date_part('year', filed.month)::int,
           figures_length(filed.first_month, filed.month),
           bit_or(1 << (date_part('month', filed.month)::int - 1)),
           bit_or(CASE WHEN filed.accepted_version IS NULL THEN 0
                       ELSE 1 << (date_part('month', filed.month)::int - 1) END),
           max(filed.first_submitted_on),
           max((SELECT min(entry.known_on) FROM figures_entry entry WHERE entry.return_id = filed.id))
    FROM figures_return filed
    WHERE filed.accepted_version IS NOT NULL OR filed.state IN ('submitted', 'accepted')
    GROUP BY 1, 2, 3, 4;
END;

CREATE FUNCTION figures_hand_in_again() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE figures_return, figures_handed IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM figures_handed;
    INSERT INTO figures_handed (unit_id, form, year, length, handed, accepted, submitted_until, accepted_until)
    SELECT * FROM figures_handed_recounted();
END $$;
REVOKE ALL ON FUNCTION figures_hand_in_again() FROM PUBLIC;

CREATE TRIGGER figures_handed_in AFTER INSERT ON figures_return
    REFERENCING NEW TABLE AS filed FOR EACH STATEMENT EXECUTE FUNCTION figures_hand_in();
CREATE TRIGGER figures_handed_over AFTER UPDATE ON figures_return FOR EACH ROW
    WHEN ((OLD.accepted_version IS NULL) <> (NEW.accepted_version IS NULL)
          OR (OLD.state IN ('submitted', 'accepted')) <> (NEW.state IN ('submitted', 'accepted'))
          OR OLD.first_submitted_on IS DISTINCT FROM NEW.first_submitted_on)
    EXECUTE FUNCTION figures_hand_over();
CREATE TRIGGER figures_taken_away AFTER DELETE ON figures_return FOR EACH ROW
    WHEN (OLD.accepted_version IS NOT NULL OR OLD.state IN ('submitted', 'accepted'))
    EXECUTE FUNCTION figures_hand_over();
"""

HANDED_REMOVAL = """
DROP TRIGGER figures_taken_away ON figures_return;
DROP TRIGGER figures_handed_over ON figures_return;
DROP TRIGGER figures_handed_in ON figures_return;
DROP FUNCTION figures_hand_in_again();
DROP FUNCTION figures_handed_recounted();
DROP FUNCTION figures_hand_over();
DROP FUNCTION figures_hand_in();
DROP FUNCTION figures_length(date, date);
DROP FUNCTION figures_months(daterange, int);
"""

# These rows are read by the thousand and never one by one: whom the speaker reaches is found once for a statement. Lives
# are looked up only where a line does not hold on the day.
POLICY = f"""
ALTER TABLE figures_handed ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_handed FOR SELECT USING (
    (SELECT access_everything())
    OR unit_id = ANY ({rows.holders(AT)})
    OR unit_id <> (SELECT access_topmost({rows.holders(BELOW)}))
    OR unit_id IN (
        SELECT line.descendant_id FROM tree_ancestry line
        WHERE line.ancestor_id = ANY ({rows.holders(BELOW)}) AND line.depth > 0
          AND (line.span @> (SELECT access_day())
               OR (upper(line.span) <= (SELECT access_day())
                   AND upper(line.span) = (SELECT upper(lifetime) FROM tree_unit WHERE id = line.descendant_id))
               OR (lower(line.span) > (SELECT access_day())
                   AND lower(line.span) = (SELECT lower(lifetime) FROM tree_unit WHERE id = line.descendant_id)))));
"""  # noqa: S608

POLICY_REMOVAL = """
DROP POLICY seen ON figures_handed;
ALTER TABLE figures_handed DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("figures", "0004_views")]
    operations = [
        migrations.RunSQL(HANDED, HANDED_REMOVAL),
        migrations.RunSQL(POLICY, POLICY_REMOVAL),
    ]
