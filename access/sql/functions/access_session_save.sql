CREATE OR REPLACE FUNCTION access_session_save(presented text, contents sealed, expires_at timestamptz)
    RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE public.access_session
    SET contents = $2, seen_at = now(), expires_at = least($3, started_at + interval '10 hours')
    WHERE key_fingerprint = presented AND expires_at > clock_timestamp() AND system_id IS NULL RETURNING id
$$;
