"""Hash chains kept by the database, and the refusal of every change to what has been written.

The text that is hashed is a JSON array of every column but the hash, in the order of the table; the day is written as
ISO and the moment in UTC with microseconds, both so that no two values read alike. A chain begins with a previous hash of sixty-four zeros.
"""

from django.db import migrations

CHAINS = """
CREATE FUNCTION journal_text(entry journal_entry) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp
RETURN jsonb_build_array(
    entry.id, entry.unit_id, entry.position, entry.act, entry.power, entry.actor_id, entry.actor_label,
    entry.acting_for, entry.on_date,
    to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || CASE WHEN entry.recorded_at < '0001-01-01 UTC' THEN ' BC' ELSE '' END,
    entry.subject, entry.subject_label, entry.change, entry.previous_hash
)::text;

CREATE FUNCTION journal_hash(entry journal_entry) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp
RETURN encode(sha256(convert_to(journal_text(entry), 'UTF8')), 'hex');

-- Heads are written by the functions of the owner only: the web role has no right to the table.
CREATE FUNCTION journal_hold_chain(held bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO journal_head (chain, position, hash) VALUES (held, 0, repeat('0', 64))
    ON CONFLICT (chain) DO NOTHING;
    PERFORM FROM journal_head WHERE chain = held FOR UPDATE;
END $$;

CREATE FUNCTION journal_link_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head journal_head;
BEGIN
    PERFORM journal_hold_chain(coalesce(NEW.unit_id, 0));
    SELECT * INTO head FROM journal_head WHERE chain = coalesce(NEW.unit_id, 0);
    NEW.position := head.position + 1;
    NEW.previous_hash := head.hash;
    NEW.recorded_at := clock_timestamp();
    NEW.hash := journal_hash(NEW);
    UPDATE journal_head SET position = NEW.position, hash = NEW.hash WHERE chain = head.chain;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_link_entry BEFORE INSERT ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_link_entry();

CREATE FUNCTION journal_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the journal is never changed: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER journal_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

CREATE TRIGGER journal_refuse BEFORE DELETE OR TRUNCATE ON journal_head
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

-- A head moves only as part of linking an entry or holding a chain, whoever asks.
CREATE FUNCTION journal_guard_head() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'the head of a chain is moved by the journal only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_guard_head BEFORE INSERT OR UPDATE ON journal_head
FOR EACH ROW EXECUTE FUNCTION journal_guard_head();
"""

REMOVAL = """
DROP TRIGGER journal_guard_head ON journal_head;
DROP TRIGGER journal_refuse ON journal_head;
DROP TRIGGER journal_refuse ON journal_entry;
DROP TRIGGER journal_link_entry ON journal_entry;
DROP FUNCTION journal_guard_head, journal_refuse, journal_link_entry, journal_hold_chain, journal_hash, journal_text;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(CHAINS, REMOVAL)]
