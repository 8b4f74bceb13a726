-- Takes the step with leave that this transaction's event says: given by a second person to whom the event names, refused, also
-- by whoever asked, or taken away by one alone. `seen` is how many steps the page knew of. Returns whether it was taken: not
-- where somebody else was faster, nor given where anything is otherwise by now than when it was asked for.
CREATE OR REPLACE FUNCTION registry_leave_step(which bigint, seen integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event(
        '{shield.granted,shield.grant_refused,shield.grant_taken}'
    );
    asked public.registry_leaverequest;
    gives boolean := event.kind = 'shield.granted';
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['leave.' || which]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with leave is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    SELECT one.* INTO asked FROM public.registry_leaverequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.id = which AND one.child_id = event.child_id AND one.user_id = event.user_id
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        FOR UPDATE OF one;
    IF NOT FOUND OR gives AND event.actor_id IN (asked.asked_by_id, asked.user_id) THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.taken_at IS NOT NULL
        OR (CASE event.kind WHEN 'shield.grant_taken' THEN asked.outcome = 'given' ELSE asked.outcome = '' END) IS NOT TRUE
        OR gives AND NOT EXISTS (
            SELECT FROM public.registry_leave_shield(event.actor_id, event.child_id) AS shield
            JOIN public.access_user AS person ON person.id = asked.user_id AND person.role = 'practitioner'
            WHERE shield.id = asked.shield_id AND asked.until BETWEEN public.access_today() AND shield.review_on
                AND public.access_may_enter(person.id) AND public.access_unchanged_since(person, asked.asked_at)
        )
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_leaverequest AS one SET
        steps = one.steps + 1,
        outcome = CASE event.kind WHEN 'shield.granted' THEN 'given' WHEN 'shield.grant_refused' THEN 'refused' ELSE one.outcome END,
        decided_by_id = CASE event.kind WHEN 'shield.grant_taken' THEN one.decided_by_id ELSE event.actor_id END,
        decided_at = CASE event.kind WHEN 'shield.grant_taken' THEN one.decided_at ELSE clock_timestamp() END,
        taken_by_id = CASE event.kind WHEN 'shield.grant_taken' THEN event.actor_id END,
        taken_at = CASE event.kind WHEN 'shield.grant_taken' THEN clock_timestamp() END
        WHERE one.id = which;
    IF event.kind = 'shield.grant_taken' THEN
        DELETE FROM public.registry_childgrant WHERE request_id = which;
    ELSIF gives THEN
        -- One that has ended by itself gives way.
        DELETE FROM public.registry_childgrant WHERE user_id = asked.user_id AND child_id = asked.child_id;
        INSERT INTO public.registry_childgrant (
            user_id, permission_id, child_id, request_id, shield_id, organisation_id, authority_id, expires_on, given_at
        )
        SELECT person.id, what.id, child.id, asked.id, asked.shield_id, person.organisation_id,
            child.responsible_authority_id, asked.until, clock_timestamp()
        FROM public.access_user AS person, public.registry_child AS child, public.auth_permission AS what
        WHERE person.id = asked.user_id AND child.id = asked.child_id AND what.codename = 'open_shielded_child';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the permission that leave gives is not there';
        END IF;
    END IF;
    RETURN true;
END
$$;
