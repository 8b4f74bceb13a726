-- Said once, at the sign-in: a session that another browser stole does not take its name.
CREATE OR REPLACE FUNCTION access_session_note_device(presented text, told sealed)
    RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE public.access_session SET device = told WHERE key_fingerprint = presented AND device IS NULL
$$;
