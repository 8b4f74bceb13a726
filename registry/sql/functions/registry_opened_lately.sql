-- Which records a practitioner opened within seven days, to whom the ticket says that they read their own history; what
-- they are called is told by registry_recalled. Never one that a mediator opened: nothing of one call is at hand in the
-- next.
CREATE OR REPLACE FUNCTION registry_opened_lately() RETURNS TABLE (child_id bigint, opened_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'history.read' AND ticket.role = 'practitioner') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading one''s history is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY SELECT * FROM public.registry_opened_by(ticket.actor_id);
END
$$;
