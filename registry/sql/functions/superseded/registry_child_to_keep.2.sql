-- The child whom registry_child_to_locate names, where this transaction read their involvements to change one.
CREATE OR REPLACE FUNCTION registry_child_to_keep() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
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
    RETURN CASE WHEN NOT EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child AND shield.ended_on IS NULL
    ) AND EXISTS (
        SELECT FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'involvement.read' AND event.actor_id IS NOT NULL AND event.child_id = child
    ) THEN child END;
END
$$;
