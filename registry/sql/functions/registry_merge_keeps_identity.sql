-- No new identity of a child while their records lie together, or are asked to: what lies under the old record would lead to it,
-- and is not closed with it. They are parted first, or the request is refused.
CREATE OR REPLACE FUNCTION registry_merge_keeps_identity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF public.registry_merge_goes_on(NEW.child_id) THEN
        RAISE EXCEPTION 'records that lie together are parted before a new identity' USING ERRCODE = 'CP004';
    END IF;
    RETURN NEW;
END
$$;
