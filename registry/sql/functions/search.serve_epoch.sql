CREATE OR REPLACE FUNCTION search.serve_epoch(of_epoch integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '3s'
AS $$
BEGIN
    LOCK TABLE search.epoch IN EXCLUSIVE MODE;
    IF to_regclass('search.child_token_' || of_epoch || '_tokens') IS NULL THEN
        RAISE EXCEPTION 'epoch % has no index', of_epoch USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format(
        'WITH late AS (DELETE FROM search.late WHERE epoch = $1 RETURNING child_id, tokens)'
        ' INSERT INTO search.%I (epoch, child_id, tokens) SELECT $1, child_id, tokens FROM late'
        ' ON CONFLICT (child_id) DO UPDATE SET tokens = excluded.tokens', 'child_token_' || of_epoch
    ) USING of_epoch;
    UPDATE search.epoch SET state = 'retired', retired_at = clock_timestamp()
        WHERE state = 'serving' AND number <> of_epoch;
    UPDATE search.epoch SET state = 'serving', served_at = clock_timestamp()
        WHERE number = of_epoch AND state = 'indexing';
END
$$;
