-- Which events tell of a record: its own; those of the records that lie under it now; and, where it lies or lay under another,
-- those of that one from then until they were parted, since whoever read the one read both. From a minute before, for so long a
-- ticket shows what it names. Others come after the record itself.
CREATE OR REPLACE FUNCTION registry_told_with(record bigint)
    RETURNS TABLE (named bigint, since timestamptz, until timestamptz) LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT record, '-infinity'::timestamptz, 'infinity'::timestamptz
    UNION ALL
    SELECT one.child_id, '-infinity', 'infinity' FROM public.registry_mergerequest AS one
    WHERE one.into_id = record AND NOT one.parts AND one.done_at IS NOT NULL AND one.until IS NULL
    UNION ALL
    SELECT one.into_id, one.done_at - interval '1 minute', coalesce(one.until, 'infinity')
    FROM public.registry_mergerequest AS one
    WHERE one.child_id = record AND NOT one.parts AND one.done_at IS NOT NULL
$$;
