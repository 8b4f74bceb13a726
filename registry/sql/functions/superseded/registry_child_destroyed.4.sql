-- Whoever destroys a record destroys all that is said of the child: what was sealed, who asked what about it, what was decided.
-- The access log keeps that it was looked at, by a number that leads nowhere any more. Numbers, search and what can be compared
-- go by their foreign keys. Only what lies in the archive is destroyed, by whomever: the worker may delete nothing else, and
-- others nothing at all.
CREATE OR REPLACE FUNCTION registry_child_destroyed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT OLD.archived THEN
        RAISE EXCEPTION 'a record is archived before it is destroyed' USING ERRCODE = 'check_violation';
    END IF;
    DELETE FROM public.registry_archiverequest WHERE child_id = OLD.id;
    DELETE FROM public.registry_childgrant WHERE child_id = OLD.id;
    DELETE FROM public.registry_keeping WHERE child_id = OLD.id;
    DELETE FROM public.registry_leaverequest WHERE child_id = OLD.id;
    DELETE FROM public.registry_override WHERE child_id = OLD.id;
    DELETE FROM public.registry_shield WHERE child_id = OLD.id;
    DELETE FROM public.registry_shieldrequest WHERE child_id = OLD.id;
    DELETE FROM public.registry_connectionnote AS note USING public.registry_connectionrequest AS request
        WHERE note.request_id = request.id AND request.child_id = OLD.id;
    DELETE FROM public.registry_connectionrequest WHERE child_id = OLD.id;
    DELETE FROM public.registry_escrowrequest AS request USING public.registry_escrow AS escrow
        WHERE request.escrow_id = escrow.id AND escrow.child_id = OLD.id;
    DELETE FROM public.registry_escrow WHERE child_id = OLD.id;
    DELETE FROM public.registry_identityrequest WHERE child_id = OLD.id;
    DELETE FROM public.registry_handover WHERE child_id = OLD.id;
    DELETE FROM public.registry_unplaced WHERE child_id = OLD.id;
    DELETE FROM public.registry_mergerequest WHERE OLD.id IN (child_id, into_id);
    DELETE FROM public.registry_involvement WHERE child_id = OLD.id;
    DELETE FROM public.registry_guardian WHERE child_id = OLD.id;
    DELETE FROM public.registry_childaddress WHERE child_id = OLD.id;
    DELETE FROM public.registry_childname WHERE child_id = OLD.id;
    RETURN OLD;
END
$$;
