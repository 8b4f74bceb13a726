-- The summaries of records opened lately, to whom the ticket says that they are shown. None of a child whose shield is
-- newer than the summary.
CREATE OR REPLACE FUNCTION registry_recalled() RETURNS TABLE (id bigint, row_version integer, summary sealed)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF ticket.kind IS DISTINCT FROM 'child.recalled' THEN
        RAISE EXCEPTION 'a list of records opened lately is recorded before it is shown' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT child.id, child.row_version, child.summary FROM public.registry_child AS child
        WHERE child.id = ANY (ticket.shown)
            AND child.id IN (SELECT lately.child_id FROM public.registry_opened_by(ticket.actor_id) AS lately)
            AND NOT EXISTS (
                SELECT FROM public.registry_shield AS shield
                WHERE shield.child_id = child.id AND shield.filed_at IS NULL AND shield.ended_on IS NULL
            );
END
$$;
