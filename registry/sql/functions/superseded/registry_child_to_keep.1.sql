CREATE OR REPLACE FUNCTION registry_child_to_keep() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT child FROM public.registry_child_to_locate() AS child
    WHERE EXISTS (
        SELECT FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'involvement.read' AND event.actor_id IS NOT NULL AND event.child_id = child
    )
$$;
