-- What was drawn is of use for seconds.
CREATE OR REPLACE FUNCTION search.clear_draws() RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM search.draw WHERE asked_at < now() - interval '1 minute'
$$;
