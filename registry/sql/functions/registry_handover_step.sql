-- Takes the step with an offer that this transaction's event says: accepted by another person of the authority to which the
-- record is offered, who has read who it is about; declined by one of them; or withdrawn by the authority that answers for it.
-- `seen` is how many steps the page knew of. Returns whether it was taken: not where somebody else was faster, nor accepted
-- while a new identity is asked for. From an acceptance on the other authority answers, in the transaction of its event.
CREATE OR REPLACE FUNCTION registry_handover_step(which bigint, seen integer) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{handover.accepted,handover.declined,handover.withdrawn}');
    authorities bigint[] := public.registry_shield_authorities(event.actor_id);
    offer public.registry_handover;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['handover.' || which]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with an offer is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    SELECT one.* INTO offer FROM public.registry_handover AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.id = which AND one.child_id = event.child_id
            AND CASE event.kind
                WHEN 'handover.withdrawn' THEN child.responsible_authority_id ELSE one.to_id
            END = ANY (authorities)
        FOR UPDATE OF one;
    IF NOT FOUND OR event.kind <> 'handover.withdrawn' AND event.actor_id = offer.offered_by_id
        OR event.kind = 'handover.accepted' AND NOT public.registry_handover_is_read(event)
    THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF offer.steps IS DISTINCT FROM seen OR offer.outcome <> ''
        OR event.kind <> 'handover.withdrawn' AND public.registry_identity_goes_on(offer.child_id)
        OR event.kind = 'handover.accepted' AND event.reason <> offer.reason
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_handover AS one SET
        steps = one.steps + 1,
        outcome = substr(event.kind, 10),
        refusal = CASE event.kind WHEN 'handover.declined' THEN event.reason ELSE '' END,
        decided_by_id = event.actor_id,
        decided_at = clock_timestamp()
        WHERE one.id = which;
    IF event.kind = 'handover.accepted' THEN
        PERFORM public.registry_handover_goes_along(offer, event.actor_id);
    END IF;
    RETURN true;
END
$$;
