-- Made after the rows, in order, it takes a small part of the time. Without the pending list: a search must not pay for
-- somebody else's write.
CREATE OR REPLACE FUNCTION search.index_epoch(of_epoch integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM FROM search.epoch WHERE number = of_epoch AND state = 'indexing';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'epoch % is not closed', of_epoch USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format(
        'CREATE INDEX IF NOT EXISTS %I ON search.%I USING gin (tokens) WITH (fastupdate = off)',
        'child_token_' || of_epoch || '_tokens', 'child_token_' || of_epoch
    );
END
$$;
