CREATE OR REPLACE FUNCTION search.put(child bigint, filed integer[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO search.child_token (child_id, tokens) VALUES (child, filed)
    ON CONFLICT (child_id) DO UPDATE SET tokens = excluded.tokens
$$;
