-- Takes the step with a shield in force that this transaction's event says: reviewed and kept, its lifting asked for or
-- refused, or lifted by another person for the reason for which that was asked. `seen` is how many steps the page knew of.
-- Returns whether it was taken: not where somebody else was faster, nor while an urgent request for it is not decided.
CREATE OR REPLACE FUNCTION registry_shield_step(which bigint, seen integer) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event(
        '{shield.reviewed,shield.lift_asked,shield.lift_refused,shield.lifted}'
    );
    shield public.registry_shield;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['shield.' || which]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a shield is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    SELECT one.* INTO shield FROM public.registry_shield AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.id = which AND one.child_id = event.child_id
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        FOR UPDATE OF one;
    IF NOT FOUND OR event.kind = 'shield.lifted' AND event.actor_id = shield.lift_asked_by_id THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF shield.steps IS DISTINCT FROM seen OR shield.ended_on IS NOT NULL
        OR (shield.lift_asked_at IS NULL) <> (event.kind IN ('shield.reviewed', 'shield.lift_asked'))
        OR event.kind = 'shield.lifted' AND event.reason <> shield.lift_reason
        OR EXISTS (
            SELECT FROM public.registry_shieldrequest AS asked
            WHERE asked.id = shield.request_id AND asked.approved_at IS NULL
        )
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_shield AS one SET
        steps = one.steps + 1,
        review_on = CASE event.kind WHEN 'shield.reviewed' THEN public.access_today() + 182 ELSE one.review_on END,
        reviewed_by_id = CASE event.kind WHEN 'shield.reviewed' THEN event.actor_id ELSE one.reviewed_by_id END,
        reviewed_at = CASE event.kind WHEN 'shield.reviewed' THEN clock_timestamp() ELSE one.reviewed_at END,
        lift_reason = CASE event.kind
            WHEN 'shield.lift_asked' THEN event.reason WHEN 'shield.lifted' THEN one.lift_reason ELSE ''
        END,
        lift_asked_by_id = CASE event.kind
            WHEN 'shield.lift_asked' THEN event.actor_id WHEN 'shield.lifted' THEN one.lift_asked_by_id
        END,
        lift_asked_at = CASE event.kind
            WHEN 'shield.lift_asked' THEN clock_timestamp() WHEN 'shield.lifted' THEN one.lift_asked_at
        END,
        lifted_by_id = CASE event.kind WHEN 'shield.lifted' THEN event.actor_id END,
        ended_on = CASE event.kind WHEN 'shield.lifted' THEN public.access_today() END,
        filed_at = CASE event.kind WHEN 'shield.lifted' THEN NULL ELSE one.filed_at END
        WHERE one.id = which;
    RETURN true;
END
$$;
