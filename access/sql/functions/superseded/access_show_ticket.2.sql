-- The one way to read what an event allows: show the event, and the fingerprint of the key of the live session that recorded
-- it, or of a live token of the system that did. The latter where the system delivers a feed: of people one learns nothing by
-- a ticket of its own.
CREATE OR REPLACE FUNCTION access_show_ticket(event bigint, presented text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session public.access_session;
    by_system text;
BEGIN
    SELECT * INTO session FROM public.access_session
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp();
    SELECT 'system.' || system.id INTO by_system FROM public.access_systemtoken AS token
        JOIN public.access_clientsystem AS system ON system.id = token.system_id
        WHERE token.token_fingerprint = presented AND token.expires_at > clock_timestamp() AND system.purpose = 'feed'
            AND public.access_system_standing(system.id, NULL) = '';
    PERFORM public.audit_issue_ticket(event, session.id, session.user_id, by_system);
END
$$;
