-- Which child the last event of this very transaction names; a person did it, and their live session vouched for it. In
-- PL/pgSQL: a session keeps the plan, and one of these functions does not call the next. Each query on a child's table
-- asks twice, and a record page makes ten such queries.
CREATE OR REPLACE FUNCTION registry_child_to_see() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    child bigint := (
        SELECT event.child_id FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind IN ('child.opened', 'child.shown', 'involvement.read')
            AND event.actor_id IS NOT NULL AND event.child_id IS NOT NULL
        ORDER BY event.id DESC LIMIT 1
    );
BEGIN
    RETURN CASE WHEN true THEN child END;
END
$$;
