-- The tokens of all children stand one after the other in `filed`, so many of each as `widths` says.
CREATE OR REPLACE FUNCTION search.rows(children bigint[], widths integer[], filed integer[])
    RETURNS TABLE (child_id bigint, tokens integer[]) LANGUAGE sql IMMUTABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT child, filed[until - width + 1 : until]
    FROM (
        SELECT child, width, sum(width) OVER (ORDER BY place)::integer AS until
        FROM unnest(children, widths) WITH ORDINALITY AS each (child, width, place)
    ) AS placed
$$;
