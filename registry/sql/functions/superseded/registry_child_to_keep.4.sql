-- The child whose involvements may be changed: the ticket says that they were read for it, an event of this very
-- transaction says what is changed, the record is neither closed nor archived since, and no shield hides the child. The change
-- and its event happen both or not at all.
CREATE OR REPLACE FUNCTION registry_child_to_keep() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    RETURN CASE WHEN ticket.kind = 'involvement.read' AND EXISTS (
        SELECT FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind IN (
                'involvement.recorded', 'involvement.corrected', 'involvement.ended', 'involvement.withdrawn'
            )
            AND event.child_id = ticket.child_id AND event.actor_id = ticket.actor_id
    ) AND EXISTS (
        SELECT FROM public.registry_child AS child WHERE child.id = ticket.child_id
    ) AND NOT EXISTS (
        SELECT FROM public.registry_shield AS shield
        WHERE shield.child_id = ticket.child_id AND shield.ended_on IS NULL
    ) THEN ticket.child_id END;
END
$$;
