-- Why a session ended, told to whoever holds its key, for as long as it is told in these words.
CREATE OR REPLACE FUNCTION access_session_ended(presented text)
    RETURNS TABLE (user_id bigint, why text, would_have_lasted interval)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT user_id, 'ran_out', expires_at - started_at FROM public.access_session
    WHERE key_fingerprint = presented AND user_id IS NOT NULL AND expires_at <= clock_timestamp()
    UNION ALL
    SELECT user_id, CASE WHEN why = 'stopped' AND expires_at <= clock_timestamp() THEN 'ran_out' ELSE why END,
        expires_at - began_at
    FROM public.access_sessionend WHERE key_fingerprint = presented AND told_until > clock_timestamp()
$$;
