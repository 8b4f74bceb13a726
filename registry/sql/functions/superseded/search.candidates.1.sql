CREATE OR REPLACE FUNCTION search.candidates(asked integer[])
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
