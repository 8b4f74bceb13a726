-- A record goes under another, or comes out again, where two people said so of these very two and the worker does it now; it
-- comes out besides where it is archived. Never under one that lies under another itself, nor with others under it, nor under
-- one that is closed or archived: the owner, as whom this runs, sees none of those. Nor under one of another authority.
--
-- A consent to keep the child's record is for all that lie together: it is taken over as they are put there, and that ends when
-- two people say that they are two children's (docs/adr/0049).
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
                    AND stays.responsible_authority_id = NEW.responsible_authority_id
            )
        )
    THEN
        RAISE EXCEPTION 'records are put under one, and parted, where two people said so' USING ERRCODE = 'check_violation';
    END IF;
    IF parting THEN
        UPDATE public.registry_keeping AS one SET
            ended_by_id = request.decided_by_id, ended_at = clock_timestamp(), sealed_at = NULL
            FROM public.registry_mergerequest AS request
            WHERE request.child_id = NEW.id AND request.parts AND request.outcome = 'approved' AND request.done_at IS NULL
                AND one.child_id = ANY (public.registry_together(before)) AND one.ended_at IS NULL
                AND (one.child_id = NEW.id) <> (one.taken_from = NEW.id);
    ELSE
        INSERT INTO public.registry_keeping (
            child_id, authority_id, ground, given_on, recorded_by_id, recorded_at, taken_from
        )
        SELECT
            record, one.authority_id, one.ground, one.given_on, one.recorded_by_id, one.recorded_at,
            coalesce(one.taken_from, one.child_id)
        FROM public.registry_keeping AS one, unnest(public.registry_together(NEW.merged_into_id) || NEW.id) AS record
        WHERE one.child_id IN (NEW.id, NEW.merged_into_id) AND one.ended_at IS NULL
        ON CONFLICT (child_id) WHERE ended_at IS NULL DO NOTHING;
    END IF;
    RETURN NEW;
END
$$;
