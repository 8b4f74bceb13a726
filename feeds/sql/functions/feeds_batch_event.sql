-- This transaction's own event that a batch is sent: by a person, or by a system that brought its token (audit_record_token, which
-- alone takes such an event of the web role). NULL where there is none.
CREATE OR REPLACE FUNCTION feeds_batch_event() RETURNS audit_event LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT event.* FROM public.audit_event AS event
    WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
        AND event.kind = 'batch.received' AND (event.actor_id IS NOT NULL OR event.process LIKE 'system.%')
    ORDER BY event.id DESC LIMIT 1
$$;
