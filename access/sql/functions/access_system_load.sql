-- With what a system came: whose session that is, and whether the system is good for them. Nobody can list keys, only bring
-- one. The connection shows that session from then on (access_show): its person is known, and that they were refused can be
-- said. Nothing of a child is read without an event, which nobody records in a system that is not good (audit_record).
CREATE OR REPLACE FUNCTION access_system_load(presented text) RETURNS TABLE (
    id bigint, user_id bigint, system_id bigint, standing text, expires_at timestamptz
)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session public.access_session;
BEGIN
    SELECT * INTO session FROM public.access_session AS found
        WHERE found.key_fingerprint = presented AND found.expires_at > clock_timestamp() AND found.system_id IS NOT NULL;
    PERFORM public.access_show('session', session.id);
    IF session.id IS NOT NULL THEN
        -- For the list that its person sees; half a minute is near enough.
        UPDATE public.access_session SET seen_at = now()
            WHERE access_session.id = session.id AND seen_at < now() - interval '30 seconds';
        RETURN QUERY SELECT session.id, session.user_id, session.system_id,
            public.access_system_standing(session.system_id, session.user_id), session.expires_at;
    END IF;
END
$$;
