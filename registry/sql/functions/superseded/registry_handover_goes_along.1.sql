-- The other authority answers for the record from now on, and what goes along with it (docs/adr/0050). The row keeps its
-- version, to which its sealed values are bound.
--
-- A shield stays in force; who answers for it now is to review it at once, and lifts it only as two of theirs ask and agree.
-- What was asked for and not approved is decided anew. Leave to see the child has ended, and does not come back where the
-- record does.
CREATE OR REPLACE FUNCTION registry_handover_goes_along(offer registry_handover, actor bigint) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.registry_child SET responsible_authority_id = offer.to_id WHERE id = offer.child_id;
    UPDATE public.registry_shield AS one SET
        steps = one.steps + 1,
        authority_id = offer.to_id,
        review_on = least(one.review_on, greatest(public.access_today(), one.started_on + 1)),
        lift_reason = '', lift_asked_by_id = NULL, lift_asked_at = NULL
        WHERE one.child_id = offer.child_id AND one.ended_on IS NULL;
    UPDATE public.registry_shieldrequest AS one SET
        steps = one.steps + 1,
        authority_id = offer.to_id,
        decision = '', decided_by_id = NULL, decided_at = NULL
        WHERE one.child_id = offer.child_id AND one.approved_at IS NULL;
    UPDATE public.registry_leaverequest AS one SET
        steps = one.steps + 1, taken_by_id = actor, taken_at = clock_timestamp()
        WHERE one.child_id = offer.child_id AND one.outcome = 'given' AND one.taken_at IS NULL;
    DELETE FROM public.registry_childgrant WHERE child_id = offer.child_id;
END
$$;
