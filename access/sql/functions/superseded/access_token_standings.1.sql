-- For the page that lists them, which brings no token.
CREATE OR REPLACE FUNCTION access_token_standings(asked bigint[]) RETURNS TABLE (id bigint, standing text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT token.id, public.access_token_standing(token) FROM public.access_apitoken AS token
    WHERE token.id = ANY (asked)
$$;
