-- Takes the step with a request that this transaction's event says: decided, sent back, or approved by a second person, who
-- approves what the event names and nothing else. `seen` is how many steps the page knew of. Returns whether it was taken:
-- not where somebody else was faster. What is approved comes into force with it.
CREATE OR REPLACE FUNCTION registry_shield_decide(request bigint, seen integer) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{shield.decided,shield.returned,shield.approved}');
    asked public.registry_shieldrequest;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['request.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a request is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    SELECT one.* INTO asked FROM public.registry_shieldrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.id = request AND one.child_id = event.child_id
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        FOR UPDATE OF one;
    IF NOT FOUND OR event.kind <> 'shield.returned' AND event.actor_id = asked.asked_by_id
        OR event.kind = 'shield.approved' AND event.actor_id = asked.decided_by_id
    THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.approved_at IS NOT NULL
        OR (asked.decision = '') <> (event.kind = 'shield.decided')
        OR event.kind = 'shield.approved' AND event.reason <> asked.decision
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_shieldrequest AS one SET
        steps = one.steps + 1,
        decision = CASE event.kind
            WHEN 'shield.decided' THEN event.reason WHEN 'shield.returned' THEN '' ELSE one.decision
        END,
        decided_by_id = CASE event.kind
            WHEN 'shield.decided' THEN event.actor_id WHEN 'shield.approved' THEN one.decided_by_id
        END,
        decided_at = CASE event.kind
            WHEN 'shield.decided' THEN clock_timestamp() WHEN 'shield.approved' THEN one.decided_at
        END,
        approved_by_id = CASE event.kind WHEN 'shield.approved' THEN event.actor_id END,
        approved_at = CASE event.kind WHEN 'shield.approved' THEN clock_timestamp() END
        WHERE one.id = request;
    IF event.kind = 'shield.approved' AND asked.decision = 'protect' THEN
        PERFORM public.registry_shield_begin(request);
    ELSIF event.kind = 'shield.approved' THEN
        UPDATE public.registry_shield SET
            ended_on = public.access_today(), lift_reason = asked.decision, lift_asked_by_id = asked.decided_by_id,
            lift_asked_at = asked.decided_at, lifted_by_id = event.actor_id, filed_at = NULL, steps = steps + 1
            WHERE request_id = request AND ended_on IS NULL;
    END IF;
    RETURN true;
END
$$;
