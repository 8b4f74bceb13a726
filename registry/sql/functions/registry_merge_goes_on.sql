-- Whether a record lies together with another, or that is asked for and neither refused nor done, or that it end.
CREATE OR REPLACE FUNCTION registry_merge_goes_on(record bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.registry_mergerequest AS one
        WHERE record IN (one.child_id, one.into_id) AND (
            one.done_at IS NULL AND one.outcome <> 'refused'
            OR NOT one.parts AND one.done_at IS NOT NULL AND one.until IS NULL
        )
    )
$$;
