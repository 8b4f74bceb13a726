-- A token that a system fetches for itself (RFC 6749, 4.4): made in the very call that records it, for a system that speaks for
-- its organisation and is good now. For whoever signs people in alone: the web role makes none, and prolongs none.
CREATE OR REPLACE FUNCTION access_token_give(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    system public.access_clientsystem;
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    SELECT * INTO system FROM public.access_clientsystem AS one
        WHERE event.fields::text[] = ARRAY[one.organisation_id::text, one.id::text];
    IF (event.kind = 'system.token_given' AND event.user_id IS NULL AND system.purpose IN ('leavers', 'feed')
        AND public.access_system_standing(system.id, NULL) = '' AND public.access_token_says(event, system.id)
        AND current_setting('transaction_isolation') = 'read committed') IS NOT TRUE
    THEN
        RAISE EXCEPTION 'this system is given no token' USING ERRCODE = 'CP001';
    END IF;
    INSERT INTO public.access_systemtoken (token_fingerprint, system_id, given_at, expires_at)
        VALUES (presented, system.id, now(), now() + interval '15 minutes');
    RETURN public.audit_append(event);
END
$$;
