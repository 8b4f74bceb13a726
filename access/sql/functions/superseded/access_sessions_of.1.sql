-- A session knows when it was last used, and tells its own person alone: only a live session's key lists the sessions
-- of its user, and none of them can be opened or borrowed with what is listed.
CREATE OR REPLACE FUNCTION access_sessions_of(presented text)
    RETURNS TABLE (id bigint, device sealed, started_at timestamptz, seen_at timestamptz, is_own boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT session.id, session.device, session.started_at, session.seen_at, session.id = own.id
    FROM public.access_session AS own JOIN public.access_session AS session ON session.user_id = own.user_id
    WHERE own.key_fingerprint = presented AND own.expires_at > clock_timestamp()
        AND session.expires_at > clock_timestamp()
    ORDER BY session.id = own.id DESC, session.seen_at DESC, session.id
$$;
