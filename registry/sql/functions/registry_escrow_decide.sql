-- Takes the step with a request for a link that this transaction's event says: given by another person, who knows of which
-- record it is and names its number, or refused, also by who asked. `seen` is how many steps the page knew of. Returns whether
-- it was taken. Given is not read yet: the sequencer opens it, and tells the auditors (registry/protection/escrow.py).
CREATE OR REPLACE FUNCTION registry_escrow_decide(request bigint, seen integer, presented bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{escrow.opened,escrow.refused}');
    asked public.registry_escrowrequest;
    kept public.registry_escrow;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['escrow.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a request is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT one.* INTO asked FROM public.registry_escrowrequest AS one WHERE one.id = request FOR UPDATE;
    SELECT one.* INTO kept FROM public.registry_escrow AS one WHERE one.id = asked.escrow_id;
    IF NOT FOUND OR kept.child_id IS DISTINCT FROM event.child_id
        OR NOT (kept.authority_id = ANY (public.registry_shield_authorities(event.actor_id)))
        OR event.kind = 'escrow.opened' AND event.actor_id = asked.asked_by_id
    THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.outcome <> '' OR event.kind = 'escrow.opened'
        AND (event.reason <> asked.reason OR kept.number_fingerprint IS DISTINCT FROM presented)
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_escrowrequest AS one SET
        steps = one.steps + 1,
        outcome = CASE event.kind WHEN 'escrow.opened' THEN 'opened' ELSE 'refused' END,
        decided_by_id = event.actor_id,
        decided_at = clock_timestamp(),
        decided_event = event.id
        WHERE one.id = request;
    RETURN true;
END
$$;
