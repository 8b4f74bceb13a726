-- Takes the step with a request for a connection that this transaction's event says: something noted, or closed. `seen` is
-- how many steps the page knew of. Returns whether it was taken: not where somebody else was faster. What is closed is
-- opened by nobody again, and where its asker could be rung is gone with it.
CREATE OR REPLACE FUNCTION registry_connection_step(which bigint, seen integer) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{connection.noted,connection.closed}');
    asked public.registry_connectionrequest;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['connection.' || which]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a connection is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT one.* INTO asked FROM public.registry_connectionrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.id = which AND one.child_id = event.child_id AND one.asked_by_id <> event.actor_id
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        FOR UPDATE OF one;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this connection is not for this user to make' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.closed_at IS NOT NULL THEN
        RETURN false;
    END IF;
    IF event.kind = 'connection.noted' THEN
        INSERT INTO public.registry_connectionnote (request_id, step, noted_by_id, noted_at)
            VALUES (which, event.reason, event.actor_id, clock_timestamp());
        UPDATE public.registry_connectionrequest SET steps = steps + 1 WHERE id = which;
    ELSE
        UPDATE public.registry_connectionrequest SET
            steps = steps + 1, outcome = event.reason, closed_by_id = event.actor_id, closed_at = clock_timestamp(),
            telephone = NULL
            WHERE id = which;
    END IF;
    RETURN true;
END
$$;
