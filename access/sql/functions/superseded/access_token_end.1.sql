-- A token that its system gives back (RFC 7009), in the very call that records it. One that is over already is none.
CREATE OR REPLACE FUNCTION access_token_end(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    system public.access_clientsystem;
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    SELECT one.* INTO system FROM public.access_systemtoken AS token
        JOIN public.access_clientsystem AS one ON one.id = token.system_id
        WHERE token.token_fingerprint = presented AND token.expires_at > clock_timestamp();
    IF (event.kind = 'system.token_ended' AND event.user_id IS NULL AND public.access_token_says(event, system.id)
        AND event.fields::text[] = ARRAY[system.organisation_id::text, system.id::text]) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'no live token of this system is given back' USING ERRCODE = 'CP001';
    END IF;
    DELETE FROM public.access_systemtoken WHERE token_fingerprint = presented;
    RETURN public.audit_append(event);
END
$$;
