"""Which targets and statements the web role sees and writes: those of units that the speaker reaches."""

from django.db import migrations


def reached(table: str, *, at: str = "", below: str = "") -> str:
    """The rule that the speaker reaches the unit of a row: by powers that reach it itself, or by those that reach below."""
    rules = ["(SELECT access_everything())"]
    if at:
        rules.append(f"{table}.unit_id = ANY ((SELECT access_holders('{{{at}}}'))::bigint[])")
    if below:
        holders = f"(SELECT access_holders('{{{below}}}'))::bigint[]"
        rules.append(f"{table}.unit_id <> (SELECT access_topmost({holders}))")
        rules.append(f"access_below({table}.unit_id, {holders}, (SELECT access_day()))")
    return " OR ".join(rules)


READ = "targets.read,targets.set,targets.state,reports.read"
TARGET_SEEN = reached("targets_target", at=READ, below=READ)
TARGET_SET = reached("targets_target", at="targets.set", below="targets.set")
STATEMENT_SEEN = reached("targets_statement", at=READ, below=READ)
STATED = reached("targets_statement", at="targets.state", below="targets.state")

FORWARD = f"""
ALTER TABLE targets_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON targets_target FOR SELECT USING ({TARGET_SEEN});
CREATE POLICY added ON targets_target FOR INSERT WITH CHECK ({TARGET_SET});

ALTER TABLE targets_statement ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON targets_statement FOR SELECT USING ({STATEMENT_SEEN});
CREATE POLICY added ON targets_statement FOR INSERT WITH CHECK ({STATED});
CREATE POLICY changed ON targets_statement FOR UPDATE USING ({STATEMENT_SEEN}) WITH CHECK ({STATED});
CREATE POLICY removed ON targets_statement FOR DELETE USING ({STATED});
"""

BACKWARD = """
DROP POLICY removed ON targets_statement;
DROP POLICY changed ON targets_statement;
DROP POLICY added ON targets_statement;
DROP POLICY seen ON targets_statement;
ALTER TABLE targets_statement DISABLE ROW LEVEL SECURITY;
DROP POLICY added ON targets_target;
DROP POLICY seen ON targets_target;
ALTER TABLE targets_target DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0002_targets_stay"), ("access", "0002_reach")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
