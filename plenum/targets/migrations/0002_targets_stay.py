"""A target that was set is never changed or removed: another replaces it, and both are kept."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION targets_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege', TABLE = TG_TABLE_NAME,
        MESSAGE = format('%s of %s is refused: another target replaces one that was set', TG_OP, TG_TABLE_NAME);
END $$;

CREATE TRIGGER targets_target_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON targets_target
    FOR EACH STATEMENT EXECUTE FUNCTION targets_refuse_change();
"""

BACKWARD = """
DROP TRIGGER targets_target_stays ON targets_target;
DROP FUNCTION targets_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
