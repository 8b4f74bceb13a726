-- Asks that two records be put under one, or be parted again, as this transaction's event says: which stays, which lies under
-- it, and why. By somebody of the one authority that answers for both, who was led to both and has compared them in this very
-- session, in events that are committed. One that is shielded does not go under one that is not; nor does one that others lie
-- under, so that nobody asks twice for where a record is. Returns the number of the request; NULL where one about either of
-- them waits already, or either is offered to another authority.
CREATE OR REPLACE FUNCTION registry_merge_ask() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{merge.asked,merge.part_asked}');
    beside bigint := public.registry_merge_beside(event, 'under');
    parting boolean := event.kind = 'merge.part_asked';
    stays public.registry_child;
    under public.registry_child;
    presented bytea;
    made bigint;
BEGIN
    IF event.id IS NULL OR beside IS NULL THEN
        RAISE EXCEPTION 'that two records be put under one is asked for in the transaction that records it'
            USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id IN (event.child_id, beside) ORDER BY id FOR UPDATE;
    SELECT * INTO stays FROM public.registry_child WHERE id = event.child_id AND merged_into_id IS NULL;
    IF parting THEN
        SELECT one.number_fingerprint INTO presented FROM public.registry_mergerequest AS one
            WHERE one.child_id = beside AND one.into_id = stays.id AND NOT one.parts AND one.done_at IS NOT NULL
                AND one.until IS NULL;
    ELSE
        SELECT * INTO under FROM public.registry_child WHERE id = beside AND id <> stays.id AND merged_into_id IS NULL;
        -- An event says that somebody read a record also where the database told them nothing of it.
        IF public.registry_merge_led_to(event, stays, under.id) AND public.registry_merge_led_to(event, under, stays.id)
            AND under.responsible_authority_id = stays.responsible_authority_id
            AND cardinality(public.registry_together(under.id)) = 1
            AND (public.registry_shielded_together(stays.id) OR NOT public.registry_shielded_together(under.id))
        THEN
            presented := under.number_fingerprint;
        END IF;
    END IF;
    IF presented IS NULL OR NOT public.registry_merge_compared(event, stays, beside) THEN
        RAISE EXCEPTION 'this is not for this user to ask' USING ERRCODE = 'CP004';
    END IF;
    IF EXISTS (
        SELECT FROM public.registry_mergerequest AS one
        WHERE one.done_at IS NULL AND one.outcome <> 'refused'
            AND (one.child_id IN (stays.id, beside) OR one.into_id IN (stays.id, beside))
    ) OR NOT parting AND EXISTS (
        SELECT FROM public.registry_handover AS one WHERE one.child_id IN (stays.id, beside) AND one.outcome = ''
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.registry_mergerequest AS asked (
        child_id, into_id, parts, authority_id, number_fingerprint, reason, asked_by_id, asked_at, outcome, refusal, steps
    ) VALUES (
        beside, stays.id, parting, stays.responsible_authority_id, presented, event.reason, event.actor_id,
        clock_timestamp(), '', '', 0
    ) RETURNING asked.id INTO made;
    RETURN made;
END
$$;
