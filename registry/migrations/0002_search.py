from django.db import migrations

# Tokens stand in a schema of their own: left out of logical backups (docs/adr/0003), unreadable to the web role.
SCHEMA = """
    CREATE SCHEMA search;

    CREATE TABLE search.epoch (
        number integer CONSTRAINT search_epoch_pkey PRIMARY KEY,
        bits integer NOT NULL CONSTRAINT search_epoch_bits_fit CHECK (bits BETWEEN 8 AND 31),
        started_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE search.child_token (
        child_id bigint CONSTRAINT search_child_token_pkey PRIMARY KEY
            CONSTRAINT search_child_token_of_child REFERENCES public.registry_child ON DELETE CASCADE,
        tokens integer[] NOT NULL CONSTRAINT search_child_token_padded CHECK (cardinality(tokens) % 32 = 0 AND cardinality(tokens) > 0)
    );

    -- Without the pending list: a search must not pay for somebody else's write.
    CREATE INDEX search_child_token_tokens ON search.child_token USING gin (tokens) WITH (fastupdate = off);
"""

# Security definer: the one way from tokens to children, for a person who has recorded in the same transaction that they
# search. Ids first, then rows by id: sequential scans are off because the planner takes an overlap for 1% of the table,
# and EXECUTE because a generic plan would not know how many tokens are asked.
FUNCTIONS = """
    CREATE FUNCTION search.candidates(asked integer[])
        RETURNS TABLE (child_id bigint, row_version integer, summary public.sealed)
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET enable_seqscan = off
    AS $$
    DECLARE
        searcher record;
        ids bigint[];
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
        EXECUTE 'SELECT array_agg(child_id) FROM search.child_token WHERE tokens && $1' INTO ids USING asked;
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

    CREATE FUNCTION search.put(child bigint, filed integer[]) RETURNS void
        LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO search.child_token (child_id, tokens) VALUES (child, filed)
        ON CONFLICT (child_id) DO UPDATE SET tokens = excluded.tokens
    $$;
"""


class Migration(migrations.Migration):
    """The search index: token table, its epoch, and the two functions through which it is used."""

    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=SCHEMA, reverse_sql="DROP SCHEMA search CASCADE"),
        migrations.RunSQL(
            sql=FUNCTIONS,
            reverse_sql="DROP FUNCTION search.candidates(integer[]); DROP FUNCTION search.put(bigint, integer[]);",
        ),
    ]
