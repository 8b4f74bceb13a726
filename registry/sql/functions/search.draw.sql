-- The one way from tokens to children, for a person whose ticket says that they search; of the epoch whose tokens are
-- asked: the one that serves, or the one before it, for a search that had begun. Whom they lead to is noted and charged
-- here, and shown by search.drawn to a transaction that comes after this one: whoever rolls this one back has learnt
-- nothing, not even that a budget is spent. Ids alone: sequential scans are off because the planner takes an overlap for
-- 1% of the table, and EXECUTE because a generic plan would not know how many tokens are asked. What a mediator's search
-- opens is charged to the colleague who asks, too.
CREATE OR REPLACE FUNCTION search.draw(event bigint, presented text, asked integer[], of_epoch integer DEFAULT NULL)
    RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    searched public.audit_event;
    ids bigint[];
    words text;
    whose text;
    its_epoch integer;
    its_number integer;
BEGIN
    PERFORM public.access_show_ticket(event, presented);
    searched := public.audit_ticket();
    IF searched.kind <> 'child.searched' THEN
        RAISE EXCEPTION 'a search is recorded before it is made' USING ERRCODE = 'CP001';
    END IF;
    IF cardinality(asked) > 300 THEN
        RAISE EXCEPTION 'a search asks for at most 300 tokens' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    SELECT number INTO its_epoch FROM search.epoch
        WHERE state = 'serving' AND of_epoch IS NULL OR state IN ('serving', 'retired') AND number = of_epoch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no search index of that epoch serves' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format('SELECT array_agg(child_id) FROM search.%I WHERE tokens && $1', 'child_token_' || its_epoch)
        INTO ids USING asked;
    -- Nothing first, and then what there is, be it nothing: locks and numbers of transactions, which everybody may list,
    -- are the same whether the tokens lead to somebody, to nobody or past a budget.
    PERFORM public.access_charge_both(searched.actor_id, searched.role, searched.user_id, 'candidates', 0);
    BEGIN
        PERFORM public.access_charge_both(
            searched.actor_id, searched.role, searched.user_id, 'candidates', coalesce(cardinality(ids), 0)
        );
    EXCEPTION WHEN SQLSTATE 'CP002' THEN
        GET STACKED DIAGNOSTICS words = MESSAGE_TEXT, whose = PG_EXCEPTION_DETAIL;
        ids := NULL;
    END;
    SELECT 1 + count(*) INTO its_number FROM search.draw WHERE event_id = searched.id;
    INSERT INTO search.draw (event_id, number, transaction_id, drawn_at, ids, over_budget, whose_budget)
        VALUES (searched.id, its_number, pg_current_xact_id(), clock_timestamp(), ids, words, whose);
    RETURN its_number;
END
$$;
