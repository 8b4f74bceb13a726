-- Asks that a child have a new identity, as this transaction's event says: which child, and why. By somebody of the authority
-- that answers for the record, who has read in this very session, in an event that is committed, who the child is. Hides the
-- child from this moment. Returns the number of the request; NULL where one waits already. What is wanted is sealed for the
-- worker: this function cannot tell what it says.
CREATE OR REPLACE FUNCTION registry_identity_ask(sealed_for_the_worker bytea) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{identity.asked}');
    child public.registry_child;
    made bigint;
BEGIN
    IF event.id IS NULL OR (octet_length(sealed_for_the_worker) BETWEEN 64 AND 4096) IS NOT TRUE THEN
        RAISE EXCEPTION 'that a new identity is asked for is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT public.registry_identity_may_know(event, child) OR NOT EXISTS (
        SELECT FROM public.audit_event AS looked
        WHERE looked.session_id = event.session_id AND looked.child_id = event.child_id
            AND looked.actor_id = event.actor_id AND looked.kind = 'identity.read'
            AND looked.transaction_id <> event.transaction_id AND looked.at > now() - interval '1 day'
    ) THEN
        RAISE EXCEPTION 'this is not for this user to ask' USING ERRCODE = 'CP004';
    END IF;
    INSERT INTO public.registry_identityrequest AS asked (
        child_id, authority_id, reason, asked_by_id, asked_at, outcome, refusal, wanted, steps
    ) VALUES (
        child.id, child.responsible_authority_id, event.reason, event.actor_id, clock_timestamp(), '', '',
        sealed_for_the_worker, 0
    )
    ON CONFLICT (child_id) WHERE outcome <> 'refused' DO NOTHING
    RETURNING asked.id INTO made;
    IF made IS NOT NULL THEN
        INSERT INTO public.registry_shield (child_id, authority_id, started_on, review_on, lift_reason, steps)
            VALUES (
                child.id, child.responsible_authority_id, public.access_today(), public.access_today() + 182, '', 0
            )
            ON CONFLICT (child_id) WHERE ended_on IS NULL DO NOTHING;
    END IF;
    RETURN made;
END
$$;
