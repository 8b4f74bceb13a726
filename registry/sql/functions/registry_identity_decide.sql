-- Takes the step with a request for a new identity that this transaction's event says: approved by another person than asked,
-- or refused, also by who asked. `seen` is how many steps the page knew of. Returns whether it was taken: not where somebody
-- else was faster. What was wanted is gone with a refusal.
CREATE OR REPLACE FUNCTION registry_identity_decide(request bigint, seen integer) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{identity.approved,identity.refused}');
    asked public.registry_identityrequest;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['identity.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a request is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    SELECT one.* INTO asked FROM public.registry_identityrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.id = request AND one.child_id = event.child_id
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        FOR UPDATE OF one;
    IF NOT FOUND OR event.kind = 'identity.approved' AND event.actor_id = asked.asked_by_id THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.outcome <> ''
        OR event.kind = 'identity.approved' AND event.reason <> asked.reason
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_identityrequest AS one SET
        steps = one.steps + 1,
        outcome = CASE event.kind WHEN 'identity.approved' THEN 'approved' ELSE 'refused' END,
        refusal = CASE event.kind WHEN 'identity.refused' THEN event.reason ELSE '' END,
        decided_by_id = event.actor_id,
        decided_at = clock_timestamp(),
        wanted = CASE event.kind WHEN 'identity.approved' THEN one.wanted END
        WHERE one.id = request;
    RETURN true;
END
$$;
