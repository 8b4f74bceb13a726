-- A session's key is a secret, and so is its fingerprint: nobody can list the table, only ask for one row whose
-- fingerprint they bring. No role has another way to sessions than the functions access_session_... and
-- access_sessions_... Whose it is, and when they showed a second factor, is said here and not by what a process kept.
CREATE OR REPLACE FUNCTION access_session_load(presented text)
    RETURNS TABLE (id bigint, contents sealed, user_id bigint, second_factor_at timestamptz, confirmed_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id, contents, user_id, second_factor_at, confirmed_at FROM public.access_session
    WHERE key_fingerprint = presented AND expires_at > clock_timestamp()
$$;
