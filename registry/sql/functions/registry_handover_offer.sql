-- Offers the record of a child to another authority, as this transaction's event says: which child, which authority, and why.
-- By somebody of the authority that answers for it, who looked its number up and has read in this very session, in events that
-- are committed, who the child is. Returns the number of the offer; NULL where one is open, or a new identity is asked for, or
-- that the record be put under another, or another under it.
CREATE OR REPLACE FUNCTION registry_handover_offer() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{handover.offered}');
    child public.registry_child;
    other bigint;
    made bigint;
BEGIN
    IF event.id IS NULL OR (cardinality(event.fields) = 1 AND event.fields[1] ~ '^authority\.[0-9]{1,18}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'that a record is offered is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT (child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id)))
        OR NOT public.registry_number_led_to(event, 'handover.listed', child.number_fingerprint)
        OR NOT public.registry_handover_is_read(event)
    THEN
        RAISE EXCEPTION 'this is not for this user to offer' USING ERRCODE = 'CP004';
    END IF;
    SELECT one.id INTO other FROM public.access_organisation AS one
        WHERE one.id = substr(event.fields[1], 11)::bigint AND one.kind = 'authority' AND one.responsible_authority_id IS NULL
            AND one.id <> child.responsible_authority_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a record is offered to another authority' USING ERRCODE = 'CP004';
    END IF;
    IF public.registry_identity_goes_on(child.id) OR EXISTS (
        SELECT FROM public.registry_mergerequest AS one
        WHERE child.id IN (one.child_id, one.into_id) AND NOT one.parts AND one.done_at IS NULL AND one.outcome <> 'refused'
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.registry_handover AS offered (
        child_id, authority_id, to_id, reason, offered_by_id, offered_at, outcome, refusal, steps
    ) VALUES (
        child.id, child.responsible_authority_id, other, event.reason, event.actor_id, clock_timestamp(), '', '', 0
    )
    ON CONFLICT (child_id) WHERE outcome = '' DO NOTHING
    RETURNING offered.id INTO made;
    RETURN made;
END
$$;
