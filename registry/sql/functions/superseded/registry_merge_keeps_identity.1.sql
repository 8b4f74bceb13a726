-- No new identity of a child while their records lie together, or are asked to: what lies under the old record would lead to it,
-- and is not closed with it. They are parted first, or the request is refused.
CREATE OR REPLACE FUNCTION registry_merge_keeps_identity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.registry_mergerequest AS one
        WHERE NEW.child_id IN (one.child_id, one.into_id) AND (
            one.done_at IS NULL AND one.outcome <> 'refused'
            OR NOT one.parts AND one.done_at IS NOT NULL AND one.until IS NULL
        )
    ) THEN
        RAISE EXCEPTION 'records that lie together are parted before a new identity' USING ERRCODE = 'CP004';
    END IF;
    RETURN NEW;
END
$$;
