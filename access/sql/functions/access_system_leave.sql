-- Ends a system's session, for whoever brings one of its two tokens.
CREATE OR REPLACE FUNCTION access_system_leave(presented text, asked bigint) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM public.access_session
    WHERE presented IN (key_fingerprint, renewal_fingerprint) AND system_id = asked
$$;
