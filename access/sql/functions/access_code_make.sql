-- A code for a system that somebody lets act for them: beside its event, in a live session of a browser in which they have
-- shown a second factor, for an address that the system is accredited with.
CREATE OR REPLACE FUNCTION access_code_make(presented text, code text, asked bigint, address text, challenge text)
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO public.access_systemcode (
        code_fingerprint, system_id, user_id, allowed_in_id, address, challenge, second_factor_at, signed_in_at, expires_at
    )
    SELECT $2, system.id, session.user_id, session.id, $4, $5, session.second_factor_at, session.started_at,
        clock_timestamp() + interval '1 minute'
    FROM public.access_session AS session JOIN public.access_clientsystem AS system ON system.id = asked
    WHERE session.key_fingerprint = presented AND session.expires_at > clock_timestamp() AND session.system_id IS NULL
        AND session.second_factor_at IS NOT NULL AND public.access_may_enter(session.user_id)
        AND public.access_system_standing(system.id, session.user_id) = '' AND $4 = ANY (system.addresses)
        AND (public.access_event_of(presented, 'system.allowed')).fields::text[]
            = ARRAY[system.organisation_id::text, system.id::text];
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody lets this system act for them' USING ERRCODE = 'CP001';
    END IF;
END
$$;
