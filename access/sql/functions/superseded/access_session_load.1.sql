-- A session's key is a secret, and so is its fingerprint: nobody can list the table, only ask for one row whose
-- fingerprint they bring. The web role has no other way to sessions than the functions access_session_... and
-- access_sessions_...
CREATE OR REPLACE FUNCTION access_session_load(presented text) RETURNS TABLE (id bigint, contents sealed)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id, contents FROM public.access_session WHERE key_fingerprint = presented AND expires_at > clock_timestamp()
$$;
