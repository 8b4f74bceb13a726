-- A call begins and ends beside its event only. It goes with the session in which it was taken.
CREATE OR REPLACE FUNCTION access_mediation_begin(presented text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    begun public.audit_event := public.access_event_of(presented, 'mediation.begun');
BEGIN
    IF begun.id IS NULL THEN
        RAISE EXCEPTION 'a call is recorded before it begins' USING ERRCODE = 'CP003';
    END IF;
    UPDATE public.access_mediation SET ended_at = clock_timestamp()
        WHERE session_id = begun.session_id AND ended_at IS NULL;
    INSERT INTO public.access_mediation (mediator_id, colleague_id, session_id, begun_at, expires_at)
        VALUES (begun.actor_id, begun.user_id, begun.session_id, begun.at, begun.at + interval '20 minutes');
END
$$;
