-- A record goes under another, or comes out again, where two people said so of these very two and the worker does it now; it
-- comes out besides where it is archived. Never under one that lies under another itself, nor with others under it, nor under
-- one that is closed or archived: the owner, as whom this runs, sees none of those.
CREATE OR REPLACE FUNCTION registry_child_put_under() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.merged_into_id END;
    parting boolean := NEW.merged_into_id IS NULL;
BEGIN
    IF parting AND NEW.archived THEN
        RETURN NEW;
    END IF;
    IF before IS NOT NULL AND NOT parting
        OR NOT EXISTS (
            SELECT FROM public.registry_mergerequest AS one
            WHERE one.child_id = NEW.id AND one.into_id = coalesce(NEW.merged_into_id, before) AND one.parts = parting
                AND one.outcome = 'approved' AND one.done_at IS NULL
        )
        OR NOT parting AND (
            NEW.severed OR NEW.archived OR cardinality(public.registry_together(NEW.id)) > 1
            OR public.registry_identity_goes_on(NEW.id) OR public.registry_identity_goes_on(NEW.merged_into_id)
            OR NOT EXISTS (
                SELECT FROM public.registry_child AS stays
                WHERE stays.id = NEW.merged_into_id AND stays.merged_into_id IS NULL
            )
        )
    THEN
        RAISE EXCEPTION 'records are put under one, and parted, where two people said so' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
