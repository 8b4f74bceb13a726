-- As put, for children as they were when they were read: what was filed since stands.
CREATE OR REPLACE FUNCTION search.fill(of_epoch integer, children bigint[], widths integer[], filed integer[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    LOCK TABLE search.epoch IN ROW SHARE MODE;
    IF NOT EXISTS (SELECT FROM search.epoch WHERE number = of_epoch AND state = 'filling') THEN
        RAISE EXCEPTION 'epoch % is not being filled', of_epoch USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format(
        'INSERT INTO search.%I (epoch, child_id, tokens)'
        ' SELECT $1, rows.child_id, rows.tokens FROM search.rows($2, $3, $4) AS rows'
        ' ON CONFLICT (child_id) DO NOTHING', 'child_token_' || of_epoch
    ) USING of_epoch, children, widths, filed;
END
$$;
