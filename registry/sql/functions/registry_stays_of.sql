-- The record under which one lies now; itself, where it lies under none.
CREATE OR REPLACE FUNCTION registry_stays_of(record bigint) RETURNS bigint LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce((
        SELECT one.into_id FROM public.registry_mergerequest AS one
        WHERE one.child_id = record AND NOT one.parts AND one.done_at IS NOT NULL AND one.until IS NULL
    ), record)
$$;
