-- Files children in an epoch, in place of what was filed of them before (see search.living).
CREATE OR REPLACE FUNCTION search.put(of_epoch integer, children bigint[], widths integer[], filed integer[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    its_state text;
BEGIN
    LOCK TABLE search.epoch IN ROW SHARE MODE;
    SELECT state INTO its_state FROM search.epoch WHERE number = of_epoch;
    IF its_state = 'indexing' THEN
        INSERT INTO search.late (epoch, child_id, tokens)
            SELECT of_epoch, rows.child_id, rows.tokens FROM search.rows(children, widths, filed) AS rows
            ON CONFLICT (epoch, child_id) DO UPDATE SET tokens = excluded.tokens;
    ELSIF its_state IN ('filling', 'serving', 'retired') THEN
        EXECUTE format(
            'INSERT INTO search.%I (epoch, child_id, tokens)'
            ' SELECT $1, rows.child_id, rows.tokens FROM search.rows($2, $3, $4) AS rows'
            ' ON CONFLICT (child_id) DO UPDATE SET tokens = excluded.tokens', 'child_token_' || of_epoch
        ) USING of_epoch, children, widths, filed;
    END IF;
END
$$;
