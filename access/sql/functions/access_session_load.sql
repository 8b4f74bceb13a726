-- A session's key is a secret, and so is its fingerprint: nobody can list the table, only ask for one row whose
-- fingerprint they bring. No role has another way to sessions than the functions access_session_... and
-- access_sessions_... Whose it is, and when they showed a second factor, is said here and not by what a process kept.
-- From then on the connection shows that session, and no other (access_show): what can be read of people is what its
-- person may see.
CREATE OR REPLACE FUNCTION access_session_load(presented text)
    RETURNS TABLE (id bigint, contents sealed, user_id bigint, second_factor_at timestamptz, confirmed_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session public.access_session;
BEGIN
    SELECT * INTO session FROM public.access_session AS found
        WHERE found.key_fingerprint = presented AND found.expires_at > clock_timestamp() AND found.system_id IS NULL;
    PERFORM public.access_show('session', session.id);
    IF session.id IS NOT NULL THEN
        RETURN QUERY SELECT
            session.id, session.contents, session.user_id, session.second_factor_at, session.confirmed_at;
    END IF;
END
$$;
