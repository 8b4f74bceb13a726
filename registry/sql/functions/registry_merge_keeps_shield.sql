-- No shield ends while a record lies under the child's that has one as well: what would show then is that child's, too. Two
-- people part them first.
CREATE OR REPLACE FUNCTION registry_merge_keeps_shield() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.registry_shield AS shield
        WHERE shield.child_id = ANY (public.registry_together(NEW.child_id)) AND shield.child_id <> NEW.child_id
            AND shield.ended_on IS NULL
    ) THEN
        RAISE EXCEPTION 'a record that lies under this one is protected' USING ERRCODE = 'CP004';
    END IF;
    RETURN NEW;
END
$$;
