"""Which review reports the web role sees and writes: those of units that the speaker reaches."""

from django.db import migrations

SEEN = """(SELECT access_everything())
    OR EXISTS (SELECT FROM access_reached('{reports.read}', '{}', '{reports.write}') reached
               WHERE reached.unit_id = %s.unit_id)"""
WRITTEN = """(SELECT access_everything())
    OR EXISTS (SELECT FROM access_reached('{}', '{}', '{reports.write}') reached WHERE reached.unit_id = %s.unit_id)"""
TEXT_SEEN = "EXISTS (SELECT FROM reports_review review WHERE review.id = reports_reviewtext.review_id)"
TEXT_WRITTEN = f"""EXISTS (SELECT FROM reports_review review WHERE review.id = reports_reviewtext.review_id
               AND ({WRITTEN % "review"}))"""

FORWARD = f"""
ALTER TABLE reports_review ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reports_review FOR SELECT USING ({SEEN % "reports_review"});
CREATE POLICY added ON reports_review FOR INSERT WITH CHECK ({WRITTEN % "reports_review"});
CREATE POLICY changed ON reports_review FOR UPDATE USING ({SEEN % "reports_review"})
    WITH CHECK ({WRITTEN % "reports_review"});
CREATE POLICY removed ON reports_review FOR DELETE USING ({WRITTEN % "reports_review"});

ALTER TABLE reports_reviewtext ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reports_reviewtext FOR SELECT USING ({TEXT_SEEN});
CREATE POLICY added ON reports_reviewtext FOR INSERT WITH CHECK ({TEXT_WRITTEN});
CREATE POLICY changed ON reports_reviewtext FOR UPDATE USING ({TEXT_SEEN}) WITH CHECK ({TEXT_WRITTEN});
CREATE POLICY removed ON reports_reviewtext FOR DELETE USING ({TEXT_WRITTEN});
"""

BACKWARD = """
DROP POLICY removed ON reports_reviewtext;
DROP POLICY changed ON reports_reviewtext;
DROP POLICY added ON reports_reviewtext;
DROP POLICY seen ON reports_reviewtext;
ALTER TABLE reports_reviewtext DISABLE ROW LEVEL SECURITY;
DROP POLICY removed ON reports_review;
DROP POLICY changed ON reports_review;
DROP POLICY added ON reports_review;
DROP POLICY seen ON reports_review;
ALTER TABLE reports_review DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("access", "0002_reach")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
