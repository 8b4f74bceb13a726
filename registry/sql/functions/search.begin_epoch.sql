-- The life of an epoch: begin, fill, close, index, bind, check, serve, and at the end drop. Whoever waits for a lock
-- here has others wait behind them, so none waits for long; the caller tries again.
CREATE OR REPLACE FUNCTION search.begin_epoch(its_bits integer, its_families integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '3s'
AS $$
DECLARE
    its_number integer;
BEGIN
    LOCK TABLE search.epoch IN EXCLUSIVE MODE;
    INSERT INTO search.epoch (number, bits, families)
        SELECT coalesce(max(number), 0) + 1, its_bits, its_families FROM search.epoch
        RETURNING number INTO its_number;
    EXECUTE format(
        'CREATE TABLE search.%1$I PARTITION OF search.child_token'
        ' (CONSTRAINT %2$I PRIMARY KEY (child_id)) FOR VALUES IN (%3$s)',
        'child_token_' || its_number, 'child_token_' || its_number || '_pkey', its_number
    );
    EXECUTE format('ALTER TABLE search.%I ALTER COLUMN tokens SET STATISTICS 0', 'child_token_' || its_number);
    RETURN its_number;
END
$$;
