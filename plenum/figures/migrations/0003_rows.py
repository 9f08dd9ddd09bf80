"""Which rows of returns and figures the web role sees and writes: those that the speaker reaches.

What is kept of accepted figures (standing, rollup, entry, and the versions and steps behind an entry) is also seen by
those who reach a unit that stood above the reporting one, in the month of the figures or later: sums of the past stay
what they are after a unit has moved elsewhere. Its returns and drafts have gone with it.

Obligations hold no figures. Whoever speaks reads them all, because nobody may owe what somebody else on the line owes
already; only who decides about them writes them.
"""

from django.db import migrations

SUMS_AT = "figures.read,reports.read,targets.read,figures.enter,figures.submit"
SUMS_BELOW = "figures.read,reports.read,targets.read,figures.accept,figures.oblige"
RETURNS_AT = "figures.read,reports.read,figures.enter,figures.submit,figures.collect"
RETURNS_BELOW = "figures.read,reports.read,figures.accept,figures.oblige,figures.collect"
COLLECTED = "figures.collect"
"""Who collects the returns of the units below begins, changes and submits them, too."""
BEGUN_AT = f"figures.enter,{COLLECTED}"
CHANGED_AT = f"figures.enter,figures.submit,{COLLECTED}"
CHANGED_BELOW = f"figures.accept,{COLLECTED}"
SUBMITTED_AT = f"figures.submit,{COLLECTED}"

HELD = """
-- Whether a unit has stood, on a day since the given one or until its end, below one that the speaker reaches now: where
-- powers over the unit itself are held is `here`, where powers over those below, `above`.
CREATE FUNCTION figures_held(unit bigint, since date, here bigint[], above bigint[], day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE COST 10000
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM tree_ancestry line
        JOIN tree_unit lives ON lives.id = line.descendant_id
        WHERE line.descendant_id = unit AND line.depth > 0
          AND (upper_inf(line.span) OR upper(line.span) > since OR upper(line.span) = upper(lives.lifetime))
          AND (line.ancestor_id = ANY (here) OR access_below(line.ancestor_id, above, day)));
END;
"""

HELD_REMOVAL = "DROP FUNCTION figures_held(bigint, date, bigint[], bigint[], date);"


def holders(powers: str) -> str:
    """Where the speaker holds one of the powers; the database finds it once for a statement."""
    return f"(SELECT access_holders('{{{powers}}}'))::bigint[]"


def reached(unit: str, *, at: str = "", below: str = "") -> str:
    """The rule that the speaker reaches a unit: by powers that reach it itself, or by those that reach below."""
    rules = ["(SELECT access_everything())"]
    if at:
        rules.append(f"{unit} = ANY ({holders(at)})")
    if below:
        rules.append(f"{unit} <> (SELECT access_topmost({holders(below)}))")
        rules.append(f"access_below({unit}, {holders(below)}, (SELECT access_day()))")
    return " OR ".join(rules)


def of_return(table: str, *, at: str = "", below: str = "") -> str:
    """The same for a row that belongs to a return."""
    return f"""EXISTS (SELECT FROM figures_return filed WHERE filed.id = {table}.return_id
               AND ({reached("filed.unit_id", at=at, below=below)}))"""


def sums_reached(table: str) -> str:
    """The rule for a table of sums, which has a unit and the first month of what is added up."""
    return f"""(SELECT access_everything())
    OR {table}.unit_id = ANY ({holders(SUMS_AT)})
    OR {table}.unit_id <> (SELECT access_topmost({holders(SUMS_BELOW)}))
    OR EXISTS (SELECT FROM tree_ancestry line
               WHERE line.descendant_id = {table}.unit_id AND line.ancestor_id = ANY ({holders(SUMS_BELOW)})
                 AND line.depth > 0 AND line.span @> (SELECT access_day()))
    OR access_below({table}.unit_id, {holders(SUMS_BELOW)}, (SELECT access_day()))
    OR figures_held({table}.unit_id, {table}.first_month, {holders(SUMS_AT)}, {holders(SUMS_BELOW)},
                    (SELECT access_day()))"""  # noqa: S608


RETURN_SEEN = reached("figures_return.unit_id", at=RETURNS_AT, below=RETURNS_BELOW)

POLICIES = f"""
ALTER TABLE figures_return ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_return FOR SELECT USING ({RETURN_SEEN});
CREATE POLICY begun ON figures_return FOR INSERT
    WITH CHECK ({reached("figures_return.unit_id", at=BEGUN_AT, below=COLLECTED)});
CREATE POLICY changed ON figures_return FOR UPDATE USING ({RETURN_SEEN})
    WITH CHECK ({reached("figures_return.unit_id", at=CHANGED_AT, below=CHANGED_BELOW)});
CREATE POLICY discarded ON figures_return FOR DELETE
    USING ({reached("figures_return.unit_id", at="figures.enter")});

ALTER TABLE figures_rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_rollup FOR SELECT USING ({sums_reached("figures_rollup")});
ALTER TABLE figures_pastrollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_pastrollup FOR SELECT USING ({sums_reached("figures_pastrollup")});

-- These say where and in how many forms units have reported, and nothing of what.
ALTER TABLE figures_yearline ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_yearline FOR SELECT
    USING ((SELECT access_everything()) OR (SELECT access_account()) IS NOT NULL);
ALTER TABLE figures_mixedyear ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_mixedyear FOR SELECT
    USING ((SELECT access_everything()) OR (SELECT access_account()) IS NOT NULL);

-- Most of what is read here is part of a sum of the unit where the power is held: the list of whose sums it has been
-- added to says so at once.
ALTER TABLE figures_standing ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_standing FOR SELECT USING (
    (SELECT access_everything())
    OR ancestors && {holders("figures.read,reports.read,targets.read")}
    OR {sums_reached("figures_standing")});

-- What has just been accepted does not stand yet: then the return tells whose it is.
ALTER TABLE figures_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_entry FOR SELECT USING (
    (SELECT access_everything())
    OR EXISTS (SELECT FROM figures_standing standing WHERE standing.return_id = figures_entry.return_id)
    OR figures_return_shown(figures_entry.return_id));
CREATE POLICY added ON figures_entry FOR INSERT
    WITH CHECK ({of_return("figures_entry", below="figures.accept")});

ALTER TABLE figures_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_version FOR SELECT USING (
    (SELECT access_everything())
    OR figures_acceptance_shown(figures_version.id)
    OR figures_return_shown(figures_version.return_id));
CREATE POLICY added ON figures_version FOR INSERT
    WITH CHECK ({of_return("figures_version", at=SUBMITTED_AT, below=COLLECTED)});

ALTER TABLE figures_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_step FOR SELECT USING (
    (SELECT access_everything())
    OR (what = 'accept' AND EXISTS (SELECT FROM figures_standing standing
                                    WHERE standing.return_id = figures_step.return_id))
    OR figures_return_shown(figures_step.return_id));
CREATE POLICY added ON figures_step FOR INSERT WITH CHECK (
    CASE WHEN what IN ('accept', 'send_back') THEN {of_return("figures_step", below="figures.accept")}
         WHEN what = 'discard' THEN {of_return("figures_step", at="figures.enter")}
         ELSE {of_return("figures_step", at=SUBMITTED_AT, below=COLLECTED)} END);

ALTER TABLE figures_obligation ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON figures_obligation FOR SELECT
    USING ((SELECT access_everything()) OR (SELECT access_account()) IS NOT NULL);
CREATE POLICY added ON figures_obligation FOR INSERT
    WITH CHECK ({reached("figures_obligation.unit_id", below="figures.oblige")});
CREATE POLICY changed ON figures_obligation FOR UPDATE
    USING ((SELECT access_everything()) OR (SELECT access_account()) IS NOT NULL)
    WITH CHECK ({reached("figures_obligation.unit_id", below="figures.oblige")});
CREATE POLICY removed ON figures_obligation FOR DELETE
    USING ({reached("figures_obligation.unit_id", below="figures.oblige")});
"""  # noqa: S608

SHOWN = """
-- Whether a return, or an entry that accepts a version, is shown to the speaker: by the rules of those tables, which hold
-- in here, too. Asked in a function, they are planned once in a session and not with every query.
CREATE FUNCTION figures_return_shown(return_id bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE COST 5000
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM figures_return filed WHERE filed.id = figures_return_shown.return_id);
END;

CREATE FUNCTION figures_acceptance_shown(version_id bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE COST 5000
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM figures_entry entry WHERE entry.version_id = figures_acceptance_shown.version_id);
END;
"""

SHOWN_REMOVAL = """
DROP FUNCTION figures_acceptance_shown(bigint);
DROP FUNCTION figures_return_shown(bigint);
"""

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
DROP POLICY seen ON figures_mixedyear;
ALTER TABLE figures_mixedyear DISABLE ROW LEVEL SECURITY;
DROP POLICY seen ON figures_yearline;
ALTER TABLE figures_yearline DISABLE ROW LEVEL SECURITY;
DROP POLICY seen ON figures_pastrollup;
ALTER TABLE figures_pastrollup DISABLE ROW LEVEL SECURITY;
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
        migrations.RunSQL(HELD, HELD_REMOVAL),
        migrations.RunSQL(SHOWN, SHOWN_REMOVAL),
        migrations.RunSQL(POLICIES, POLICIES_REMOVAL),
    ]
