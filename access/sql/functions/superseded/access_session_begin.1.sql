CREATE OR REPLACE FUNCTION access_session_begin(presented text, contents sealed, expires_at timestamptz)
    RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.access_session (key_fingerprint, contents, started_at, expires_at)
    VALUES (presented, contents, now(), least(expires_at, now() + interval '10 hours'))
    ON CONFLICT DO NOTHING RETURNING id
$$;
