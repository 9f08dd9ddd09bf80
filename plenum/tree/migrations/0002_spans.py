"""What spans must be: no value twice on a day, nothing outside the life of its unit or parent, no gap in a strand.

And what shares must be: nobody's past is divided into more than the whole.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE tree_unit ADD CONSTRAINT tree_unit_lifetime_key UNIQUE (id, lifetime WITHOUT OVERLAPS);

ALTER TABLE tree_unitname
    ADD CONSTRAINT tree_unitname_one_at_a_time UNIQUE (unit_id, span WITHOUT OVERLAPS),
    ADD CONSTRAINT tree_unitname_while_unit_lives FOREIGN KEY (unit_id, PERIOD span)
        REFERENCES tree_unit (id, PERIOD lifetime) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tree_unitkind
    ADD CONSTRAINT tree_unitkind_one_at_a_time UNIQUE (unit_id, span WITHOUT OVERLAPS),
    ADD CONSTRAINT tree_unitkind_while_unit_lives FOREIGN KEY (unit_id, PERIOD span)
        REFERENCES tree_unit (id, PERIOD lifetime) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tree_placement
    ADD CONSTRAINT tree_placement_one_at_a_time UNIQUE (unit_id, span WITHOUT OVERLAPS),
    ADD CONSTRAINT tree_placement_while_unit_lives FOREIGN KEY (unit_id, PERIOD span)
        REFERENCES tree_unit (id, PERIOD lifetime) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT tree_placement_while_parent_lives FOREIGN KEY (parent_id, PERIOD span)
        REFERENCES tree_unit (id, PERIOD lifetime) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION tree_refuse_gap(strand text, unit bigint, covered datemultirange, life daterange) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF covered IS DISTINCT FROM datemultirange(life) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = strand,
            CONSTRAINT = strand || '_covers_lifetime',
            MESSAGE = format('%s of unit %s cover %s, but it lives %s', strand, unit, covered, life);
    END IF;
END $$;

CREATE FUNCTION tree_check_strand() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changed bigint;
    life daterange;
    covered datemultirange;
BEGIN
    FOR changed IN SELECT DISTINCT unnest(ARRAY[NEW.unit_id, OLD.unit_id]) LOOP
        SELECT lifetime INTO life FROM tree_unit WHERE id = changed;
        CONTINUE WHEN NOT FOUND;
        IF TG_TABLE_NAME = 'tree_unitname' THEN
            SELECT range_agg(span) INTO covered FROM tree_unitname WHERE unit_id = changed;
        ELSIF TG_TABLE_NAME = 'tree_unitkind' THEN
            SELECT range_agg(span) INTO covered FROM tree_unitkind WHERE unit_id = changed;
        ELSE
            SELECT range_agg(span) INTO covered FROM tree_placement WHERE unit_id = changed;
        END IF;
        PERFORM tree_refuse_gap(TG_TABLE_NAME, changed, covered, life);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION tree_check_lifetime() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    life daterange;
BEGIN
    SELECT lifetime INTO life FROM tree_unit WHERE id = NEW.id;
    IF FOUND THEN
        PERFORM tree_refuse_gap('tree_unitname', NEW.id, range_agg(span), life) FROM tree_unitname WHERE unit_id = NEW.id;
        PERFORM tree_refuse_gap('tree_unitkind', NEW.id, range_agg(span), life) FROM tree_unitkind WHERE unit_id = NEW.id;
        PERFORM tree_refuse_gap('tree_placement', NEW.id, range_agg(span), life) FROM tree_placement WHERE unit_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER tree_unit_is_covered AFTER INSERT OR UPDATE ON tree_unit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tree_check_lifetime();
CREATE CONSTRAINT TRIGGER tree_unitname_covers AFTER INSERT OR UPDATE OR DELETE ON tree_unitname
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tree_check_strand();
CREATE CONSTRAINT TRIGGER tree_unitkind_covers AFTER INSERT OR UPDATE OR DELETE ON tree_unitkind
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tree_check_strand();
CREATE CONSTRAINT TRIGGER tree_placement_covers AFTER INSERT OR UPDATE OR DELETE ON tree_placement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tree_check_strand();

-- The shares of a unit that is divided on a day come to the whole; while it lives on, to the whole at most. Counted in
-- whole numbers over a common denominator, so that thirds are thirds.
CREATE FUNCTION tree_check_shares() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    parted bigint;
    on_day date;
    each_denominator int;
    shared_denominator numeric := 1;
    total numeric;
    lives_on boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        parted := OLD.predecessor_id;
        on_day := OLD.on_date;
    ELSE
        parted := NEW.predecessor_id;
        on_day := NEW.on_date;
    END IF;
    FOR each_denominator IN
        SELECT DISTINCT denominator FROM tree_lineage WHERE predecessor_id = parted AND on_date = on_day AND by <> ''
    LOOP
        shared_denominator := lcm(shared_denominator, each_denominator::numeric);
    END LOOP;
    SELECT sum(numerator * div(shared_denominator, denominator::numeric)) INTO total
    FROM tree_lineage WHERE predecessor_id = parted AND on_date = on_day AND by <> '';
    SELECT upper_inf(lifetime) OR upper(lifetime) <> on_day INTO lives_on FROM tree_unit WHERE id = parted;
    IF total > shared_denominator OR (NOT lives_on AND total < shared_denominator) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = 'tree_lineage',
            CONSTRAINT = 'tree_lineage_shares_are_a_whole',
            MESSAGE = format('the shares of unit %s on %s come to %s/%s', parted, on_day, total, shared_denominator),
            DETAIL = format('%s %s/%s', parted, total, shared_denominator);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER tree_lineage_is_shared AFTER INSERT OR UPDATE OR DELETE ON tree_lineage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tree_check_shares();

-- Whoever has written very many rows has them counted at once: until then the planner takes a day on which nearly all
-- rows begin for one on which none does, and what takes seconds takes hours.
CREATE FUNCTION tree_count_rows() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    ANALYZE tree_unit, tree_unitname, tree_unitkind, tree_placement, tree_ancestry, tree_lineage, tree_reshaped;
END $$;
"""

BACKWARD = """
DROP FUNCTION tree_count_rows();
DROP TRIGGER tree_lineage_is_shared ON tree_lineage;
DROP FUNCTION tree_check_shares();
DROP TRIGGER tree_placement_covers ON tree_placement;
DROP TRIGGER tree_unitkind_covers ON tree_unitkind;
DROP TRIGGER tree_unitname_covers ON tree_unitname;
DROP TRIGGER tree_unit_is_covered ON tree_unit;
DROP FUNCTION tree_check_lifetime();
DROP FUNCTION tree_check_strand();
DROP FUNCTION tree_refuse_gap(text, bigint, datemultirange, daterange);
ALTER TABLE tree_placement
    DROP CONSTRAINT tree_placement_while_parent_lives,
    DROP CONSTRAINT tree_placement_while_unit_lives,
    DROP CONSTRAINT tree_placement_one_at_a_time;
ALTER TABLE tree_unitkind
    DROP CONSTRAINT tree_unitkind_while_unit_lives, DROP CONSTRAINT tree_unitkind_one_at_a_time;
ALTER TABLE tree_unitname
    DROP CONSTRAINT tree_unitname_while_unit_lives, DROP CONSTRAINT tree_unitname_one_at_a_time;
ALTER TABLE tree_unit DROP CONSTRAINT tree_unit_lifetime_key;
"""


class Migration(migrations.Migration):
    dependencies = [("tree", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
