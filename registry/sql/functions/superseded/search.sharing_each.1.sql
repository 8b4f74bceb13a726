-- For each of many rows at once, the children who are filed under two of the row's tokens: for the worker, which files them
-- and may read all of them. It looks for whom the rows of a feed are about (feeds/matching/). Each token is looked up by
-- itself, so that the index says whom it leads to: to look for all of them at once and to compare afterwards would compare
-- each child found with all tokens of all rows. A token of which one is enough stands twice. Sequential scans and compiling
-- are off because the planner takes an overlap for 1% of the table.
CREATE OR REPLACE FUNCTION search.sharing_each(of_epoch integer, of_rows integer[], asked integer[])
    RETURNS TABLE (of_row integer, child_id bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT wanted.of_row, filed.child_id FROM unnest($1, $2) AS wanted (of_row, token)
        CROSS JOIN LATERAL (SELECT its.child_id FROM search.%I AS its WHERE its.tokens && ARRAY[wanted.token]) AS filed
        GROUP BY wanted.of_row, filed.child_id HAVING count(*) > 1',
        'child_token_' || of_epoch
    ) USING of_rows, asked;
END
$$;
