"""Which reforms the web role sees and writes: those of units that the speaker reaches, or that concern such a unit.

The reform of a country leaves hundreds of thousands of rows of work, of which a province is shown a few thousand: whom
the speaker reaches is found once for a statement.
"""

from django.db import migrations


def reached(table: str, *, at: str = "", below: str = "") -> str:
    """The rule that the speaker reaches the unit of a row: by powers that reach it itself, or by those that reach below."""
    rules = ["(SELECT access_everything())"]
    if at:
        rules.append(f"{table}.unit_id = ANY ((SELECT access_holders('{{{at}}}'))::bigint[])")
    if below:
        holders = f"(SELECT access_holders('{{{below}}}'))::bigint[]"
        rules.append(f"{table}.unit_id <> (SELECT access_topmost({holders}))")
        rules.append(f"{table}.unit_id IN (SELECT access_all_below({holders}, (SELECT access_day())))")
    return " OR ".join(rules)


def both(codes: str) -> dict[str, str]:
    """Powers that reach a unit and all below it."""
    return {"at": codes, "below": codes}


READ, PLAN, ANSWER = "reorganisations.read", "reorganisations.plan", "reorganisations.answer"
EXECUTE = "reorganisations.execute"
OWN = reached("reorganisations_reform", **both(f"{READ},{PLAN},{EXECUTE}"))
SEEN = f"""{OWN} OR EXISTS (
    SELECT FROM reorganisations_approval asked WHERE asked.reform_id = reorganisations_reform.id) OR EXISTS (
    SELECT FROM reorganisations_work work WHERE work.reform_id = reorganisations_reform.id)"""  # noqa: S608
PLANNED = reached("reorganisations_reform", **both(PLAN))
ANY_WRITTEN = reached("reorganisations_reform", **both(f"{PLAN},{EXECUTE}"))
CONCERNED = {"at": f"{READ},{PLAN},{EXECUTE},{ANSWER}", "below": f"{READ},{PLAN},{EXECUTE}"}


def of_reform(table: str, **powers: str) -> str:
    """The rule that a row belongs to a reform that the speaker sees, or whose unit they reach with powers."""
    own = f" AND ({reached('reform', **powers)})" if powers else ""
    return f"EXISTS (SELECT FROM reorganisations_reform reform WHERE reform.id = {table}.reform_id{own})"


def rows_of_reform(table: str) -> str:
    """The rules of a table that whoever plans or executes the reform writes."""
    written = of_reform(table, **both(f"{PLAN},{EXECUTE}"))
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON {table} FOR SELECT USING ({of_reform(table)});
CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({written});
CREATE POLICY changed ON {table} FOR UPDATE USING ({of_reform(table)}) WITH CHECK ({written});
CREATE POLICY removed ON {table} FOR DELETE USING ({written});
"""


FORWARD = f"""
ALTER TABLE reorganisations_approval ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reorganisations_approval FOR SELECT
    USING ({reached("reorganisations_approval", **CONCERNED)});
CREATE POLICY asked ON reorganisations_approval FOR INSERT
    WITH CHECK ({reached("reorganisations_approval", **both(PLAN))});
CREATE POLICY answered ON reorganisations_approval FOR UPDATE
    USING ({reached("reorganisations_approval", **CONCERNED)})
    WITH CHECK ({reached("reorganisations_approval", at=ANSWER)});
CREATE POLICY removed ON reorganisations_approval FOR DELETE
    USING ({reached("reorganisations_approval", **both(PLAN))});

ALTER TABLE reorganisations_reform ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reorganisations_reform FOR SELECT USING ({SEEN});
CREATE POLICY drafted ON reorganisations_reform FOR INSERT WITH CHECK ({PLANNED});
CREATE POLICY changed ON reorganisations_reform FOR UPDATE USING ({SEEN}) WITH CHECK ({ANY_WRITTEN});

ALTER TABLE reorganisations_work ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reorganisations_work FOR SELECT USING ({reached("reorganisations_work", **CONCERNED)});
CREATE POLICY asked ON reorganisations_work FOR INSERT
    WITH CHECK ({reached("reorganisations_work", **both(EXECUTE))});
CREATE POLICY done ON reorganisations_work FOR UPDATE
    USING ({reached("reorganisations_work", **CONCERNED)})
    WITH CHECK ({reached("reorganisations_work", at=ANSWER)});
CREATE POLICY removed ON reorganisations_work FOR DELETE
    USING ({reached("reorganisations_work", **both(EXECUTE))});
{rows_of_reform("reorganisations_decision")}
{rows_of_reform("reorganisations_rehearsal")}
"""

TABLES = {
    "reorganisations_rehearsal": ("removed", "changed", "added", "seen"),
    "reorganisations_decision": ("removed", "changed", "added", "seen"),
    "reorganisations_work": ("removed", "done", "asked", "seen"),
    "reorganisations_reform": ("changed", "drafted", "seen"),
    "reorganisations_approval": ("removed", "answered", "asked", "seen"),
}
BACKWARD = "".join(
    "".join(f"DROP POLICY {policy} ON {table};\n" for policy in policies)
    + f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"
    for table, policies in TABLES.items()
)


class Migration(migrations.Migration):
    dependencies = [("reorganisations", "0001_initial"), ("access", "0002_reach")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
