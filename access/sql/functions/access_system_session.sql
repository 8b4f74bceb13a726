-- The live session that either of a system's two tokens is of, so that its end can be recorded in its person's name.
CREATE OR REPLACE FUNCTION access_system_session(presented text, asked bigint)
    RETURNS TABLE (session_id bigint, user_id bigint, key_fingerprint text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id, user_id, key_fingerprint FROM public.access_session
    WHERE presented IN (key_fingerprint, renewal_fingerprint) AND system_id = asked AND expires_at > clock_timestamp()
$$;
