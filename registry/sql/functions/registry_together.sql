-- A record, and those that lie under it now.
CREATE OR REPLACE FUNCTION registry_together(record bigint) RETURNS bigint[] LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[record] || ARRAY(
        SELECT one.child_id FROM public.registry_mergerequest AS one
        WHERE one.into_id = record AND NOT one.parts AND one.done_at IS NOT NULL AND one.until IS NULL ORDER BY one.child_id
    )
$$;
