-- For each of many rows at once, the children who are filed under two of the row's tokens: for the worker, which files them
-- and may read all of them. It looks for whom the rows of a feed are about (feeds/matching/). Each token is looked up together
-- with those after it in the same row, so that the index itself says who has both: who has one alone, as a thousand have by
-- chance, is never fetched nor counted. A token of which one is enough stands twice. Sequential scans and compiling are off
-- because the planner takes an overlap for 1% of the table.
CREATE OR REPLACE FUNCTION search.sharing_each(of_epoch integer, of_rows integer[], asked integer[])
    RETURNS TABLE (of_row integer, child_id bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET jit = off
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT DISTINCT wanted.of_row, filed.child_id
        FROM (
            SELECT each.of_row, each.token, array_agg(each.token) OVER (
                PARTITION BY each.of_row ORDER BY each.place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ) AS others
            FROM unnest($1, $2) WITH ORDINALITY AS each (of_row, token, place)
        ) AS wanted
        CROSS JOIN LATERAL (
            SELECT its.child_id FROM search.%I AS its WHERE its.tokens && ARRAY[wanted.token] AND its.tokens && wanted.others
        ) AS filed
        WHERE wanted.others IS NOT NULL',
        'child_token_' || of_epoch
    ) USING of_rows, asked;
END
$$;
