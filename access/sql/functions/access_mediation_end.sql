CREATE OR REPLACE FUNCTION access_mediation_end(presented text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ended public.audit_event := public.access_event_of(presented, 'mediation.ended');
BEGIN
    UPDATE public.access_mediation SET ended_at = clock_timestamp()
        WHERE session_id = ended.session_id AND colleague_id = ended.user_id AND ended_at IS NULL;
END
$$;
