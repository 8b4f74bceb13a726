-- The one way from tokens to children: of tokens that are committed as asked. Whom they lead to is noted and charged here,
-- and shown by search.drawn to a transaction that comes after this one: whoever rolls this one back gets no child, and what
-- locks and counters of PostgreSQL tell of it is of tokens that a recorded search asked for. Ids alone: sequential scans are
-- off because the planner takes an overlap for 1% of the table, and EXECUTE because a generic plan would not know how many
-- tokens are asked. The index gives who has a token that leads, and their row says whether they have another: to look for
-- hundreds in the index as well takes three times as long (docs/adr/0044). Whoever is filed as shielded needs no other: they
-- are few, and have none of what others are corroborated by; lifted, they are filed so until the worker has come round.
--
-- Charged is everybody whom a token leads to, corroborated or not: else whoever speaks for the web process could pick out of
-- thousands those who are shielded, or have two things in common, for the price of those few. What a mediator's search leads
-- to is charged to the colleague who asks, too. That a budget is spent is noted as well, and told by search.drawn.
CREATE OR REPLACE FUNCTION search.draw(event bigint, presented text, which integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    searched public.audit_event;
    draw search.draw;
    led_to bigint;
    words text;
    whose text;
BEGIN
    PERFORM public.access_show_ticket(event, presented);
    searched := public.audit_ticket();
    SELECT * INTO draw FROM search.draw AS made
        WHERE made.event_id = searched.id AND made.number = which AND made.drawn_in IS NULL
            AND made.asked_in IS DISTINCT FROM pg_current_xact_id_if_assigned()
        FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'what a search asks for is noted before it is looked up' USING ERRCODE = 'CP001';
    END IF;
    EXECUTE format(
        'SELECT count(*), array_agg(child_id) FILTER (WHERE
            EXISTS (SELECT FROM (SELECT unnest(filed.tokens) AS token) AS its WHERE token = ANY ($2))
            OR EXISTS (SELECT FROM public.registry_shield AS shield
                WHERE shield.child_id = filed.child_id AND shield.ended_on IS NULL)
            OR EXISTS (SELECT FROM public.registry_shield AS shield
                WHERE shield.child_id = filed.child_id AND shield.filed_at IS NULL))
        FROM search.%I AS filed WHERE tokens && $1',
        'child_token_' || draw.epoch
    ) INTO led_to, draw.ids USING draw.asked || draw.corroborated, draw.asked || draw.beside;
    BEGIN
        IF led_to > 0 THEN
            PERFORM public.access_charge_both(
                searched.actor_id, searched.role, searched.user_id, 'candidates', led_to
            );
        END IF;
    EXCEPTION WHEN SQLSTATE 'CP002' THEN
        GET STACKED DIAGNOSTICS words = MESSAGE_TEXT, whose = PG_EXCEPTION_DETAIL;
        draw.ids := NULL;
    END;
    UPDATE search.draw AS made
        SET ids = draw.ids, over_budget = words, whose_budget = whose, drawn_in = pg_current_xact_id()
        WHERE made.event_id = draw.event_id AND made.number = draw.number;
END
$$;
