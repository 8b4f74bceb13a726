-- The one way to read what an event allows: show the event, and the fingerprint of the key of the live session that
-- recorded it.
CREATE OR REPLACE FUNCTION access_show_ticket(event bigint, presented text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session public.access_session;
BEGIN
    SELECT * INTO session FROM public.access_session
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp();
    PERFORM public.audit_issue_ticket(event, session.id, session.user_id);
END
$$;
