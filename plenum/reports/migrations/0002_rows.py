"""Which review reports the web role sees and writes: those of units that the speaker reaches."""

from django.db import migrations


def reached(table: str, *, at: str = "", below: str = "") -> str:
    """The rule that the speaker reaches the unit of a row: by powers that reach it itself, or by those that reach below."""
    rules = ["(SELECT access_everything())"]
    if at:
        rules.append(f"{table}.unit_id = ANY ((SELECT access_holders('{{{at}}}'))::bigint[])")
    if below:
        holders = f"(SELECT access_holders('{{{below}}}'))::bigint[]"
        rules.append(f"access_below({table}.unit_id, {holders}, (SELECT access_day()))")
    return " OR ".join(rules)


SEEN = reached("reports_review", at="reports.read,reports.write", below="reports.read")
WRITTEN = reached("reports_review", at="reports.write")
TEXT_SEEN = "EXISTS (SELECT FROM reports_review review WHERE review.id = reports_reviewtext.review_id)"
TEXT_WRITTEN = f"""EXISTS (SELECT FROM reports_review review WHERE review.id = reports_reviewtext.review_id
               AND ({reached("review", at="reports.write")}))"""

FORWARD = f"""
ALTER TABLE reports_review ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reports_review FOR SELECT USING ({SEEN});
CREATE POLICY added ON reports_review FOR INSERT WITH CHECK ({WRITTEN});
CREATE POLICY changed ON reports_review FOR UPDATE USING ({SEEN})
    WITH CHECK ({WRITTEN});
CREATE POLICY removed ON reports_review FOR DELETE USING ({WRITTEN});

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
