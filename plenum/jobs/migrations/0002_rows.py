"""Which jobs the web role sees and writes: one's own, and those of units where one may see which jobs run.

What a job was given and what it has left is for whoever has started it: it was made with their reach, which may be
more than that of somebody else at the same unit. Rows go when their days are over, by the system only.
"""

from django.db import migrations

EVERYTHING = "(SELECT access_everything())"
OWN = f"{EVERYTHING} OR jobs_job.account_id = (SELECT access_account())"


def reached(power: str) -> str:
    """The rule that the speaker reaches the unit of a job with a power, which reaches it and those below."""
    holders = f"(SELECT access_holders('{{{power}}}'))::bigint[]"
    return f"jobs_job.unit_id = ANY ({holders}) OR access_below(jobs_job.unit_id, {holders}, (SELECT access_day()))"


SEEN = f"{OWN} OR {reached('jobs.read')} OR {reached('jobs.cancel')}"
OF_OWN = f"""EXISTS (SELECT FROM jobs_job WHERE jobs_job.id = jobs_jobfile.job_id AND ({OWN}))"""
IN_OWN = f"""EXISTS (SELECT FROM jobs_jobfile JOIN jobs_job ON jobs_job.id = jobs_jobfile.job_id
                    WHERE jobs_jobfile.id = jobs_jobpiece.file_id AND ({OWN}))"""

FORWARD = f"""
ALTER TABLE jobs_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON jobs_job FOR SELECT USING ({SEEN});
CREATE POLICY started ON jobs_job FOR INSERT WITH CHECK ({OWN});
CREATE POLICY changed ON jobs_job FOR UPDATE USING ({SEEN}) WITH CHECK ({OWN} OR {reached("jobs.cancel")});
CREATE POLICY removed ON jobs_job FOR DELETE USING ({EVERYTHING});

ALTER TABLE jobs_jobfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON jobs_jobfile FOR SELECT USING ({OF_OWN});
CREATE POLICY added ON jobs_jobfile FOR INSERT WITH CHECK ({OF_OWN});
CREATE POLICY changed ON jobs_jobfile FOR UPDATE USING ({OF_OWN}) WITH CHECK ({EVERYTHING});
CREATE POLICY removed ON jobs_jobfile FOR DELETE USING ({EVERYTHING});

ALTER TABLE jobs_jobpiece ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON jobs_jobpiece FOR SELECT USING ({IN_OWN});
CREATE POLICY added ON jobs_jobpiece FOR INSERT WITH CHECK ({IN_OWN});
CREATE POLICY removed ON jobs_jobpiece FOR DELETE USING ({EVERYTHING});
"""

BACKWARD = """
DROP POLICY removed ON jobs_jobpiece;
DROP POLICY added ON jobs_jobpiece;
DROP POLICY seen ON jobs_jobpiece;
ALTER TABLE jobs_jobpiece DISABLE ROW LEVEL SECURITY;
DROP POLICY removed ON jobs_jobfile;
DROP POLICY changed ON jobs_jobfile;
DROP POLICY added ON jobs_jobfile;
DROP POLICY seen ON jobs_jobfile;
ALTER TABLE jobs_jobfile DISABLE ROW LEVEL SECURITY;
DROP POLICY removed ON jobs_job;
DROP POLICY changed ON jobs_job;
DROP POLICY started ON jobs_job;
DROP POLICY seen ON jobs_job;
ALTER TABLE jobs_job DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("access", "0002_reach")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
