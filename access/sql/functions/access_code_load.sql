-- For which address a code was made, and what its verifier must come to. The system has to be the one that it was made for.
CREATE OR REPLACE FUNCTION access_code_load(code text, asked bigint) RETURNS TABLE (address text, challenge text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT address, challenge FROM public.access_systemcode WHERE code_fingerprint = code AND system_id = asked
$$;
