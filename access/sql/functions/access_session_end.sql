CREATE OR REPLACE FUNCTION access_session_end(presented text) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM public.access_session WHERE key_fingerprint = presented
$$;
