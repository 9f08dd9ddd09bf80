"""Which rows of returns and figures the web role sees and writes: those that the speaker reaches.

What is kept of accepted figures (standing, rollup, entry, and the versions and steps behind an entry) is also seen by
those who reach a unit that stood above the reporting one, in the month of the figures or later: sums of the past stay
what they are after a unit has moved elsewhere. Its returns and drafts have gone with it.

Obligations hold no figures. Whoever speaks reads them all, because nobody may owe what somebody else on the line owes
already; only who decides about them writes them.
"""

from django.db import migrations

REACHED = """
-- Who may read a return, or acts upon it.
CREATE FUNCTION figures_returns_reached() RETURNS TABLE (unit_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT reached.unit_id
    FROM access_reached('{figures.read,reports.read}', '{figures.accept,figures.oblige}',
                        '{figures.enter,figures.submit}') reached;
END;

-- Who may read what returns add up to: also by which targets are judged.
CREATE FUNCTION figures_sums_reached() RETURNS TABLE (unit_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT reached.unit_id
    FROM access_reached('{figures.read,reports.read,targets.read}', '{figures.accept,figures.oblige}',
                        '{figures.enter,figures.submit}') reached;
END;

-- By whom, and since when, a unit was held below what the speaker reaches: `held_until` is the first day on which it
-- was no longer, null when it still is or was until its end.
CREATE FUNCTION figures_held_below() RETURNS TABLE (unit_id bigint, held_until date)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT line.descendant_id, CASE WHEN upper(line.span) = upper(unit.lifetime) THEN NULL ELSE upper(line.span) END
    FROM tree_ancestry line
    JOIN tree_unit unit ON unit.id = line.descendant_id
    JOIN figures_sums_reached() reached ON reached.unit_id = line.ancestor_id;
END;
"""

REACHED_REMOVAL = """
DROP FUNCTION figures_held_below();
DROP FUNCTION figures_sums_reached();
DROP FUNCTION figures_returns_reached();
"""

RETURN_SEEN = """(SELECT access_everything())
    OR EXISTS (SELECT FROM figures_returns_reached() reached WHERE reached.unit_id = figures_return.unit_id)"""


def sums_seen(table: str) -> str:
    """The rule for a table of sums, which has a unit and the first month of what is added up."""
    return f"""(SELECT access_everything())
    OR EXISTS (SELECT FROM figures_sums_reached() reached WHERE reached.unit_id = {table}.unit_id)
    OR EXISTS (SELECT FROM figures_held_below() held WHERE held.unit_id = {table}.unit_id
               AND (held.held_until IS NULL OR held.held_until > {table}.first_month))"""  # noqa: S608


def may(table: str, unit_and_below: str = "", below: str = "", unit: str = "") -> str:
    """The rule that the speaker holds one of the powers at the unit of a row."""
    return f"""(SELECT access_everything())
    OR EXISTS (SELECT FROM access_reached('{{{unit_and_below}}}', '{{{below}}}', '{{{unit}}}') reached
               WHERE reached.unit_id = {table}.unit_id)"""  # noqa: S608


def may_by_return(table: str, below: str = "", unit: str = "") -> str:
    """The same for a row that belongs to a return."""
    return f"""EXISTS (SELECT FROM figures_return filed WHERE filed.id = {table}.return_id
               AND ({may("filed", below=below, unit=unit)}))"""


POLICIES = f"""
ALTER TABLE figures_return ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_return FOR SELECT USING ({RETURN_SEEN});
CREATE POLICY begun ON figures_return FOR INSERT WITH CHECK ({may("figures_return", unit="figures.enter")});
CREATE POLICY changed ON figures_return FOR UPDATE USING ({RETURN_SEEN})
    WITH CHECK ({may("figures_return", below="figures.accept", unit="figures.enter,figures.submit")});
CREATE POLICY discarded ON figures_return FOR DELETE USING ({may("figures_return", unit="figures.enter")});

ALTER TABLE figures_standing ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_standing FOR SELECT USING ({sums_seen("figures_standing")});

ALTER TABLE figures_rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_rollup FOR SELECT USING ({sums_seen("figures_rollup")});

ALTER TABLE figures_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_entry FOR SELECT USING (
    (SELECT access_everything())
    OR EXISTS (SELECT FROM figures_standing standing WHERE standing.return_id = figures_entry.return_id)
    OR EXISTS (SELECT FROM figures_return filed WHERE filed.id = figures_entry.return_id));
CREATE POLICY added ON figures_entry FOR INSERT WITH CHECK ({may_by_return("figures_entry", below="figures.accept")});

ALTER TABLE figures_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_version FOR SELECT USING (
    (SELECT access_everything())
    OR EXISTS (SELECT FROM figures_return filed WHERE filed.id = figures_version.return_id)
    OR EXISTS (SELECT FROM figures_entry entry WHERE entry.version_id = figures_version.id));
CREATE POLICY added ON figures_version FOR INSERT WITH CHECK ({may_by_return("figures_version", unit="figures.submit")});

ALTER TABLE figures_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_step FOR SELECT USING (
    (SELECT access_everything())
    OR EXISTS (SELECT FROM figures_return filed WHERE filed.id = figures_step.return_id)
    OR (what = 'accept' AND EXISTS (SELECT FROM figures_standing standing
                                    WHERE standing.return_id = figures_step.return_id)));
CREATE POLICY added ON figures_step FOR INSERT WITH CHECK (
    CASE WHEN what IN ('accept', 'send_back') THEN {may_by_return("figures_step", below="figures.accept")}
         WHEN what = 'discard' THEN {may_by_return("figures_step", unit="figures.enter")}
         ELSE {may_by_return("figures_step", unit="figures.submit")} END);

ALTER TABLE figures_obligation ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_obligation FOR SELECT USING (
    (SELECT access_everything()) OR (SELECT access_account()) IS NOT NULL);
CREATE POLICY added ON figures_obligation FOR INSERT WITH CHECK ({may("figures_obligation", below="figures.oblige")});
CREATE POLICY changed ON figures_obligation FOR UPDATE USING (
    (SELECT access_everything()) OR (SELECT access_account()) IS NOT NULL)
    WITH CHECK ({may("figures_obligation", below="figures.oblige")});
CREATE POLICY removed ON figures_obligation FOR DELETE USING ({may("figures_obligation", below="figures.oblige")});
"""  # noqa: S608

POLICIES_REMOVAL = """
DROP POLICY removed ON figures_obligation;
DROP POLICY changed ON figures_obligation;
DROP POLICY added ON figures_obligation;
DROP POLICY seen ON figures_obligation;
ALTER TABLE figures_obligation DISABLE ROW LEVEL SECURITY;
DROP POLICY added ON figures_step;
DROP POLICY seen ON figures_step;
ALTER TABLE figures_step DISABLE ROW LEVEL SECURITY;
DROP POLICY added ON figures_version;
DROP POLICY seen ON figures_version;
ALTER TABLE figures_version DISABLE ROW LEVEL SECURITY;
DROP POLICY added ON figures_entry;
DROP POLICY seen ON figures_entry;
ALTER TABLE figures_entry DISABLE ROW LEVEL SECURITY;
DROP POLICY seen ON figures_rollup;
ALTER TABLE figures_rollup DISABLE ROW LEVEL SECURITY;
DROP POLICY seen ON figures_standing;
ALTER TABLE figures_standing DISABLE ROW LEVEL SECURITY;
DROP POLICY discarded ON figures_return;
DROP POLICY changed ON figures_return;
DROP POLICY begun ON figures_return;
DROP POLICY seen ON figures_return;
ALTER TABLE figures_return DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("figures", "0002_sums"), ("access", "0002_reach")]
    operations = [
        migrations.RunSQL(REACHED, REACHED_REMOVAL),
        migrations.RunSQL(POLICIES, POLICIES_REMOVAL),
    ]
