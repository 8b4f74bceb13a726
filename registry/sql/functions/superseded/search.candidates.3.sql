-- The one way from tokens to children, for a person who has recorded in the same transaction that they search; of the
-- epoch whose tokens are asked: the one that serves, or the one before it, for a search that had begun. Ids first, then
-- rows by id: sequential scans are off because the planner takes an overlap for 1% of the table, and EXECUTE because a
-- generic plan would not know how many tokens are asked. The summaries that a mediator's search opens are charged to
-- the colleague who asks, too.
CREATE OR REPLACE FUNCTION search.candidates(asked integer[], of_epoch integer DEFAULT NULL)
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
    SELECT event.actor_id, event.role, event.user_id, event.xmin AS written_in INTO searcher
        FROM public.audit_event AS event
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
    PERFORM public.access_charge_both(
        searcher.actor_id, searcher.role, searcher.user_id, 'candidates', cardinality(ids)
    );
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
