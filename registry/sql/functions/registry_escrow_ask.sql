-- Asks to read which record goes on with a closed one, as this transaction's event says: of which, and why. By somebody of the
-- authority that answered for it, who looked its number up; to anybody else it is told as of a record that is not closed.
-- Returns the number of the request; NULL where one waits already.
CREATE OR REPLACE FUNCTION registry_escrow_ask() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{escrow.asked}');
    kept public.registry_escrow;
    made bigint;
BEGIN
    IF event.id IS NULL THEN
        RAISE EXCEPTION 'that a link is asked for is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO kept FROM public.registry_escrow WHERE child_id = event.child_id;
    IF NOT FOUND OR NOT (kept.authority_id = ANY (public.registry_shield_authorities(event.actor_id)))
        OR NOT public.registry_identity_led_to(event, kept.number_fingerprint)
    THEN
        RAISE EXCEPTION 'this is not for this user to ask' USING ERRCODE = 'CP004';
    END IF;
    INSERT INTO public.registry_escrowrequest AS asked (
        escrow_id, reason, asked_by_id, asked_at, asked_event, outcome, steps
    ) VALUES (kept.id, event.reason, event.actor_id, clock_timestamp(), event.id, '', 0)
    ON CONFLICT (escrow_id) WHERE outcome = '' DO NOTHING
    RETURNING asked.id INTO made;
    RETURN made;
END
$$;
