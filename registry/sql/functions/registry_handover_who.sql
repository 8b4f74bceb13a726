-- Who a child is, as registry_read tells it of a shielded one and no more, to an administrator who may know
-- (registry_handover_may_know); NULL of any other. So it does not tell whether there is a shield, nor where anybody lives.
CREATE OR REPLACE FUNCTION registry_handover_who() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'handover.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'an offer of a record is read after the event that says so' USING ERRCODE = 'CP001';
    END IF;
    RETURN (
        SELECT public.registry_who(child) FROM public.registry_child AS child
        WHERE child.id = ticket.child_id AND public.registry_handover_may_know(ticket, child)
    );
END
$$;
