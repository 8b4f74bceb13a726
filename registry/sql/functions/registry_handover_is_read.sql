-- Whether the event's session has read who the child of the event is, to hand the record over, which is committed.
CREATE OR REPLACE FUNCTION registry_handover_is_read(event audit_event) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS read
        WHERE read.session_id = event.session_id AND read.child_id = event.child_id AND read.actor_id = event.actor_id
            AND read.kind = 'handover.read' AND read.transaction_id <> event.transaction_id
            AND read.at > now() - interval '1 day'
    )
$$;
