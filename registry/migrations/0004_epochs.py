from django.db import migrations

# One table for each epoch of the index, all of them together search.child_token. Two live side by side while the index is
# rebuilt; each remembers by which version of the token families its children are filed.
TABLES = """
    ALTER TABLE search.epoch
        ADD COLUMN families integer NOT NULL DEFAULT 0,
        ADD COLUMN state text NOT NULL DEFAULT 'dropped'
            CONSTRAINT search_epoch_state_is_known
                CHECK (state IN ('filling', 'indexing', 'serving', 'retired', 'dropped')),
        -- Every child up to this one is filed, while the epoch is being filled.
        ADD COLUMN filled_up_to bigint NOT NULL DEFAULT 0,
        ADD COLUMN served_at timestamptz,
        ADD COLUMN retired_at timestamptz;
    ALTER TABLE search.epoch ALTER COLUMN families DROP DEFAULT, ALTER COLUMN state SET DEFAULT 'filling';
    CREATE UNIQUE INDEX search_epoch_one_serves ON search.epoch ((true)) WHERE state = 'serving';
    CREATE UNIQUE INDEX search_epoch_one_is_built ON search.epoch ((true)) WHERE state IN ('filling', 'indexing');

    -- Filed by families that had no version yet: make_demonstration and rebuild_index make it anew.
    DROP TABLE search.child_token;
    CREATE TABLE search.child_token (
        child_id bigint NOT NULL,
        tokens integer[] NOT NULL CONSTRAINT search_child_token_padded CHECK (cardinality(tokens) % 32 = 0 AND cardinality(tokens) > 0),
        epoch integer NOT NULL
    ) PARTITION BY LIST (epoch);
    -- The commonest tokens would stand in the planner's statistics, and it has no use for them.
    ALTER TABLE search.child_token ALTER COLUMN tokens SET STATISTICS 0;

    -- Children who changed while their epoch's index was being made, which lets nobody write to its table.
    CREATE TABLE search.late (
        epoch integer REFERENCES search.epoch,
        child_id bigint CONSTRAINT search_late_of_child REFERENCES public.registry_child ON DELETE CASCADE,
        tokens integer[] NOT NULL CONSTRAINT search_late_padded CHECK (cardinality(tokens) % 32 = 0 AND cardinality(tokens) > 0),
        CONSTRAINT search_late_pkey PRIMARY KEY (epoch, child_id)
    );
    ALTER TABLE search.late ALTER COLUMN tokens SET STATISTICS 0;
"""

# Whoever files children locks the table of epochs against change, from before they ask which epochs live until their
# transaction ends. So no child is filed by what was true a moment ago. Searches only read it, and wait for nobody.
FILING = """
    CREATE FUNCTION search.living() RETURNS TABLE (number integer, bits integer, families integer)
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        LOCK TABLE search.epoch IN ROW SHARE MODE;
        RETURN QUERY SELECT epoch.number, epoch.bits, epoch.families FROM search.epoch AS epoch
            WHERE epoch.state <> 'dropped' ORDER BY epoch.number;
    END
    $$;

    CREATE FUNCTION search.put(of_epoch integer, children bigint[], widths integer[], filed integer[]) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        its_state text;
    BEGIN
        LOCK TABLE search.epoch IN ROW SHARE MODE;
        SELECT state INTO its_state FROM search.epoch WHERE number = of_epoch;
        IF its_state = 'indexing' THEN
            INSERT INTO search.late (epoch, child_id, tokens)
                SELECT of_epoch, rows.child_id, rows.tokens FROM search.rows(children, widths, filed) AS rows
                ON CONFLICT (epoch, child_id) DO UPDATE SET tokens = excluded.tokens;
        ELSIF its_state IN ('filling', 'serving', 'retired') THEN
            EXECUTE format(
                'INSERT INTO search.%I (epoch, child_id, tokens)'
                ' SELECT $1, rows.child_id, rows.tokens FROM search.rows($2, $3, $4) AS rows'
                ' ON CONFLICT (child_id) DO UPDATE SET tokens = excluded.tokens', 'child_token_' || of_epoch
            ) USING of_epoch, children, widths, filed;
        END IF;
    END
    $$;

    -- As put, for children as they were when they were read: what was filed since stands.
    CREATE FUNCTION search.fill(of_epoch integer, children bigint[], widths integer[], filed integer[]) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        LOCK TABLE search.epoch IN ROW SHARE MODE;
        IF NOT EXISTS (SELECT FROM search.epoch WHERE number = of_epoch AND state = 'filling') THEN
            RAISE EXCEPTION 'epoch % is not being filled', of_epoch USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        EXECUTE format(
            'INSERT INTO search.%I (epoch, child_id, tokens)'
            ' SELECT $1, rows.child_id, rows.tokens FROM search.rows($2, $3, $4) AS rows'
            ' ON CONFLICT (child_id) DO NOTHING', 'child_token_' || of_epoch
        ) USING of_epoch, children, widths, filed;
    END
    $$;

    -- The tokens of all children stand one after the other in `filed`, so many of each as `widths` says.
    CREATE FUNCTION search.rows(children bigint[], widths integer[], filed integer[])
        RETURNS TABLE (child_id bigint, tokens integer[]) LANGUAGE sql IMMUTABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT child, filed[until - width + 1 : until]
        FROM (
            SELECT child, width, sum(width) OVER (ORDER BY place)::integer AS until
            FROM unnest(children, widths) WITH ORDINALITY AS each (child, width, place)
        ) AS placed
    $$;
"""

# The life of an epoch: begin, fill, close, index, bind, check, serve, and at the end drop. Whoever waits for a lock here has
# others wait behind them, so none waits for long; the caller tries again.
LIFE = """
    CREATE FUNCTION search.begin_epoch(its_bits integer, its_families integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET lock_timeout = '3s'
    AS $$
    DECLARE
        its_number integer;
    BEGIN
        LOCK TABLE search.epoch IN EXCLUSIVE MODE;
        INSERT INTO search.epoch (number, bits, families)
            SELECT coalesce(max(number), 0) + 1, its_bits, its_families FROM search.epoch
            RETURNING number INTO its_number;
        EXECUTE format(
            'CREATE TABLE search.%1$I PARTITION OF search.child_token'
            ' (CONSTRAINT %2$I PRIMARY KEY (child_id)) FOR VALUES IN (%3$s)',
            'child_token_' || its_number, 'child_token_' || its_number || '_pkey', its_number
        );
        EXECUTE format('ALTER TABLE search.%I ALTER COLUMN tokens SET STATISTICS 0', 'child_token_' || its_number);
        RETURN its_number;
    END
    $$;

    CREATE FUNCTION search.note_filled(of_epoch integer, up_to bigint) RETURNS void
        LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE search.epoch SET filled_up_to = greatest(filled_up_to, up_to)
        WHERE number = of_epoch AND state = 'filling'
    $$;

    -- From here on changes wait in search.late.
    CREATE FUNCTION search.close_epoch(of_epoch integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET lock_timeout = '3s'
    AS $$
    BEGIN
        LOCK TABLE search.epoch IN EXCLUSIVE MODE;
        UPDATE search.epoch SET state = 'indexing' WHERE number = of_epoch AND state = 'filling';
    END
    $$;

    -- Made after the rows, in order, it takes a small part of the time. Without the pending list: a search must not pay for
    -- somebody else's write.
    CREATE FUNCTION search.index_epoch(of_epoch integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM FROM search.epoch WHERE number = of_epoch AND state = 'indexing';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'epoch % is not closed', of_epoch USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        EXECUTE format(
            'CREATE INDEX IF NOT EXISTS %I ON search.%I USING gin (tokens) WITH (fastupdate = off)',
            'child_token_' || of_epoch || '_tokens', 'child_token_' || of_epoch
        );
    END
    $$;

    -- That a child's tokens go with the child. Not checked yet, so that nobody who writes waits.
    CREATE FUNCTION search.bind_epoch(of_epoch integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET lock_timeout = '3s'
    AS $$
    DECLARE
        its_table text := 'child_token_' || of_epoch;
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = its_table || '_of_child') THEN
            EXECUTE format(
                'ALTER TABLE search.%I ADD CONSTRAINT %I'
                ' FOREIGN KEY (child_id) REFERENCES public.registry_child ON DELETE CASCADE NOT VALID',
                its_table, its_table || '_of_child'
            );
        END IF;
    END
    $$;

    CREATE FUNCTION search.check_epoch(of_epoch integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        its_table text := 'child_token_' || of_epoch;
    BEGIN
        -- Of children who went between being read and being filed.
        EXECUTE format(
            'DELETE FROM search.%I AS filed WHERE NOT EXISTS ('
            ' SELECT FROM public.registry_child AS child WHERE child.id = filed.child_id)', its_table
        );
        EXECUTE format('ALTER TABLE search.%I VALIDATE CONSTRAINT %I', its_table, its_table || '_of_child');
    END
    $$;

    CREATE FUNCTION search.serve_epoch(of_epoch integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET lock_timeout = '3s'
    AS $$
    BEGIN
        LOCK TABLE search.epoch IN EXCLUSIVE MODE;
        IF to_regclass('search.child_token_' || of_epoch || '_tokens') IS NULL THEN
            RAISE EXCEPTION 'epoch % has no index', of_epoch USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        EXECUTE format(
            'WITH late AS (DELETE FROM search.late WHERE epoch = $1 RETURNING child_id, tokens)'
            ' INSERT INTO search.%I (epoch, child_id, tokens) SELECT $1, child_id, tokens FROM late'
            ' ON CONFLICT (child_id) DO UPDATE SET tokens = excluded.tokens', 'child_token_' || of_epoch
        ) USING of_epoch;
        UPDATE search.epoch SET state = 'retired', retired_at = clock_timestamp()
            WHERE state = 'serving' AND number <> of_epoch;
        UPDATE search.epoch SET state = 'serving', served_at = clock_timestamp()
            WHERE number = of_epoch AND state = 'indexing';
    END
    $$;

    -- A retired epoch once the searches that began with it have ended, or one whose building is given up.
    CREATE FUNCTION search.drop_epoch(of_epoch integer) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET lock_timeout = '3s'
    AS $$
    BEGIN
        LOCK TABLE search.epoch IN EXCLUSIVE MODE;
        UPDATE search.epoch SET state = 'dropped'
            WHERE number = of_epoch AND (
                state IN ('filling', 'indexing')
                OR state = 'retired' AND retired_at < clock_timestamp() - interval '2 minutes'
            );
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        DELETE FROM search.late WHERE epoch = of_epoch;
        EXECUTE format('DROP TABLE search.%I', 'child_token_' || of_epoch);
        RETURN true;
    END
    $$;
"""

# As in 0002, of the epoch whose tokens are asked: the one that serves, or the one before it, for a search that had begun.
CANDIDATES = """
    DROP FUNCTION search.candidates(integer[]);
    DROP FUNCTION search.put(bigint, integer[]);

    CREATE FUNCTION search.candidates(asked integer[], of_epoch integer DEFAULT NULL)
        RETURNS TABLE (child_id bigint, row_version integer, summary public.sealed)
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET enable_seqscan = off
    AS $$
    DECLARE
        searcher record;
        ids bigint[];
        its_number integer;
    BEGIN
        SELECT event.actor_id, event.role, event.xmin AS written_in INTO searcher FROM public.audit_event AS event
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.kind = 'child.searched' AND event.actor_id IS NOT NULL
            ORDER BY event.id DESC LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a search is recorded before it is made' USING ERRCODE = 'CP001';
        END IF;
        IF cardinality(asked) > 300 THEN
            RAISE EXCEPTION 'a search asks for at most 300 tokens' USING ERRCODE = 'program_limit_exceeded';
        END IF;
        SELECT number INTO its_number FROM search.epoch
            WHERE state = 'serving' AND of_epoch IS NULL OR state IN ('serving', 'retired') AND number = of_epoch;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no search index of that epoch serves' USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        EXECUTE format('SELECT array_agg(child_id) FROM search.%I WHERE tokens && $1', 'child_token_' || its_number)
            INTO ids USING asked;
        IF ids IS NULL THEN
            RETURN;
        END IF;
        PERFORM public.access_charge(searcher.actor_id, searcher.role, 'candidates', cardinality(ids));
        -- Event and charge stand or fall together: otherwise a savepoint would give the charge back and keep the event.
        IF NOT EXISTS (
            SELECT FROM public.access_usage AS usage
            WHERE usage.user_id = searcher.actor_id AND usage.measure = 'candidates'
                AND usage.xmin = searcher.written_in
        ) THEN
            RAISE EXCEPTION 'a search is recorded in the savepoint in which it is made' USING ERRCODE = 'CP001';
        END IF;
        RETURN QUERY EXECUTE
            'SELECT id, row_version, summary FROM public.registry_child WHERE id = ANY ($1)' USING ids;
    END
    $$;
"""


class Migration(migrations.Migration):
    """An index that is rebuilt while it serves. The one there was is made anew; so it would be on the way back, which is not there."""

    dependencies = [("registry", "0003_row_level_security")]

    operations = [
        migrations.RunSQL(sql=TABLES),
        migrations.RunSQL(sql=FILING),
        migrations.RunSQL(sql=LIFE),
        migrations.RunSQL(sql=CANDIDATES),
    ]
