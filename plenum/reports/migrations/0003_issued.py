"""What was issued stays as it was, whoever asks; the public learns of it only what the page of verification says.

Rows are shown and added by the rules of the room (see `0002_rows`). `reports_verified` is the one way past them: for a
code or for the SHA-256 of a document, which only who holds the document can name, it says which report that is.
"""

from importlib import import_module

from django.db import migrations

reached = import_module("plenum.reports.migrations.0002_rows").reached

SEEN = reached("reports_issuedreport", at="reports.read,reports.write,reports.issue", below="reports.read")
ISSUED = reached("reports_issuedreport", at="reports.issue")
FILE_SEEN = "EXISTS (SELECT FROM reports_issuedreport issue WHERE issue.id = reports_issuedfile.issue_id)"
FILE_ISSUED = f"""EXISTS (SELECT FROM reports_issuedreport issue WHERE issue.id = reports_issuedfile.issue_id
               AND ({reached("issue", at="reports.issue")}))"""

KEPT = """
ALTER TABLE reports_issuedfile ADD CONSTRAINT issued_file_hash_is_of_its_bytes
    CHECK (sha256 = encode(sha256(body), 'hex'));

CREATE FUNCTION reports_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s of %s is refused: what was issued stays; another edition corrects it', TG_OP, TG_TABLE_NAME);
END $$;

CREATE TRIGGER reports_issuedreport_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON reports_issuedreport
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_issuedfile_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON reports_issuedfile
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();

"""

GUARDED = f"""
ALTER TABLE reports_issuedreport ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reports_issuedreport FOR SELECT USING ({SEEN});
CREATE POLICY added ON reports_issuedreport FOR INSERT WITH CHECK ({ISSUED});

ALTER TABLE reports_issuedfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reports_issuedfile FOR SELECT USING ({FILE_SEEN});
CREATE POLICY added ON reports_issuedfile FOR INSERT WITH CHECK ({FILE_ISSUED});

"""

VERIFIED = """
CREATE FUNCTION reports_verified(asked text) RETURNS TABLE (
    code text, unit_name text, period_code text, language text, edition integer, issued_on date,
    newer_edition integer, newer_on date, format text, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    SELECT issue.code, issue.unit_name, issue.period_code, issue.language, issue.edition, issue.issued_on,
           newer.edition, newer.issued_on, file.format, file.sha256
    FROM reports_issuedreport issue
    JOIN reports_issuedfile file ON file.issue_id = issue.id
    LEFT JOIN LATERAL (
        SELECT later.edition, later.issued_on FROM reports_issuedreport later
        WHERE later.unit_id = issue.unit_id AND later.period_code = issue.period_code
          AND later.language = issue.language AND later.edition > issue.edition
        ORDER BY later.edition DESC LIMIT 1) newer ON true
    WHERE issue.id IN (
        SELECT id FROM reports_issuedreport WHERE reports_issuedreport.code = asked
        UNION ALL
        SELECT issue_id FROM reports_issuedfile WHERE sha256 = asked)
    ORDER BY file.id;
END;
"""

BACKWARD = """
DROP FUNCTION reports_verified(text);
DROP POLICY added ON reports_issuedfile;
DROP POLICY seen ON reports_issuedfile;
ALTER TABLE reports_issuedfile DISABLE ROW LEVEL SECURITY;
DROP POLICY added ON reports_issuedreport;
DROP POLICY seen ON reports_issuedreport;
ALTER TABLE reports_issuedreport DISABLE ROW LEVEL SECURITY;
DROP TRIGGER reports_issuedfile_stays ON reports_issuedfile;
DROP TRIGGER reports_issuedreport_stays ON reports_issuedreport;
DROP FUNCTION reports_refuse_change();
ALTER TABLE reports_issuedfile DROP CONSTRAINT issued_file_hash_is_of_its_bytes;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_rows")]
    operations = [migrations.RunSQL(KEPT + GUARDED + VERIFIED, BACKWARD)]
