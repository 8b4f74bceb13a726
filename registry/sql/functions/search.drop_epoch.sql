-- A retired epoch once the searches that began with it have ended, or one whose building is given up.
CREATE OR REPLACE FUNCTION search.drop_epoch(of_epoch integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '3s'
AS $$
BEGIN
    LOCK TABLE search.epoch IN EXCLUSIVE MODE;
    UPDATE search.epoch SET state = 'dropped'
        WHERE number = of_epoch AND (
            state IN ('filling', 'indexing')
            OR state = 'retired' AND retired_at < clock_timestamp() - interval '2 minutes'
        );
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM search.late WHERE epoch = of_epoch;
    EXECUTE format('DROP TABLE search.%I', 'child_token_' || of_epoch);
    RETURN true;
END
$$;
