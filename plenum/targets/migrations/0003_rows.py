"""Which targets and statements the web role sees and writes: those of units that the speaker reaches."""

from django.db import migrations

SEEN = """(SELECT access_everything())
    OR EXISTS (SELECT FROM access_reached('{targets.read,targets.set,targets.state,reports.read}', '{}', '{}') reached
               WHERE reached.unit_id = %s.unit_id)"""
MAY = """(SELECT access_everything())
    OR EXISTS (SELECT FROM access_reached('{%s}', '{}', '{}') reached WHERE reached.unit_id = %s.unit_id)"""

FORWARD = f"""
ALTER TABLE targets_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON targets_target FOR SELECT USING ({SEEN % "targets_target"});
CREATE POLICY added ON targets_target FOR INSERT WITH CHECK ({MAY % ("targets.set", "targets_target")});

ALTER TABLE targets_statement ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON targets_statement FOR SELECT USING ({SEEN % "targets_statement"});
CREATE POLICY added ON targets_statement FOR INSERT WITH CHECK ({MAY % ("targets.state", "targets_statement")});
CREATE POLICY changed ON targets_statement FOR UPDATE USING ({SEEN % "targets_statement"})
    WITH CHECK ({MAY % ("targets.state", "targets_statement")});
CREATE POLICY removed ON targets_statement FOR DELETE USING ({MAY % ("targets.state", "targets_statement")});
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
