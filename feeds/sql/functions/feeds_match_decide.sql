-- What somebody says of a doubtful match, as this transaction's event says: that it is the same child, another, or that they
-- cannot tell. It is decided once as many say the same as it needs; whoever cannot tell leaves it to others, and where two
-- differ, to a third. `seen` is how many steps the page knew of. Returns whether it was taken.
CREATE OR REPLACE FUNCTION feeds_match_decide(of_match bigint, seen integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{match.decided}');
    found public.feeds_match;
    present record;
    verdict text := event.fields[2];
BEGIN
    IF event.id IS NULL
        OR (event.fields[1] = 'match.' || of_match AND verdict IN ('same', 'different', 'unsure')) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'what is said of a match is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO found FROM public.feeds_match AS one WHERE one.id = of_match FOR UPDATE;
    SELECT * INTO present FROM public.feeds_match_now(found.child_id, found.authority_id);
    IF found.id IS NULL OR present.child_id IS DISTINCT FROM event.child_id
        OR NOT (present.authority_id = ANY (public.registry_shield_authorities(event.actor_id)))
    THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF found.steps <> seen OR found.outcome <> '' THEN
        RETURN false;
    END IF;
    INSERT INTO public.feeds_verdict AS said (match_id, person_id, kind, said_at)
        VALUES (of_match, event.actor_id, verdict, clock_timestamp())
        ON CONFLICT (match_id, person_id) DO UPDATE SET kind = EXCLUDED.kind, said_at = EXCLUDED.said_at;
    UPDATE public.feeds_match AS one SET
        steps = one.steps + 1,
        outcome = CASE WHEN agree.enough THEN verdict ELSE '' END,
        decided_at = CASE WHEN agree.enough THEN clock_timestamp() END
        FROM (
            SELECT verdict <> 'unsure' AND count(*) FILTER (WHERE said.kind = verdict) >= present.needs
                -- Where somebody says otherwise, one more is needed who agrees.
                + count(*) FILTER (WHERE said.kind NOT IN (verdict, 'unsure')) AS enough
            FROM public.feeds_verdict AS said WHERE said.match_id = of_match
        ) AS agree
        WHERE one.id = of_match;
    RETURN true;
END
$$;
