-- Who a child is, as registry_read tells it of a shielded one and no more, to an administrator of the authority that answers
-- for the record: so that they ask for a new identity, or approve one, for the child whom they mean. NULL of any other, of
-- one to whom no number and no shield led them (registry_identity_may_know), and of one whose record is closed. `together`:
-- whether the record lies together with another, or is asked to, so that none is asked for.
CREATE OR REPLACE FUNCTION registry_identity_who() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'identity.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'a request for a new identity is read after the event that says so' USING ERRCODE = 'CP001';
    END IF;
    RETURN (
        SELECT public.registry_who(child)::jsonb || jsonb_build_object('together', public.registry_merge_goes_on(child.id))
        FROM public.registry_child AS child
        WHERE child.id = ticket.child_id AND public.registry_identity_may_know(ticket, child)
    );
END
$$;
