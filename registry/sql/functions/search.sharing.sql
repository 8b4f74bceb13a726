-- Children who are filed under any of these tokens: for the worker, which files them and may read all of them. It looks for
-- those who live where a child lives who is shielded now (registry/protection/households.py).
CREATE OR REPLACE FUNCTION search.sharing(of_epoch integer, asked integer[]) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
AS $$
DECLARE
    found bigint[];
BEGIN
    EXECUTE format('SELECT array_agg(child_id) FROM search.%I WHERE tokens && $1', 'child_token_' || of_epoch)
        INTO found USING asked;
    RETURN coalesce(found, '{}');
END
$$;
