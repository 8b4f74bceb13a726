-- Whether the ticket of this transaction lets the owner's functions see a record that lies under another: it says that the one
-- which stays is opened, or its services are read; that the two are compared; or that the log is read, which knows ids and
-- numbers alone. By an event about itself nobody sees it. Asked by the guard of the table, of such records alone.
CREATE OR REPLACE FUNCTION registry_under_is_shown(record bigint, stays bigint) RETURNS boolean LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    RETURN (
        ticket.kind = 'log.read'
        OR ticket.kind IN ('child.opened', 'involvement.read') AND ticket.child_id = stays
        OR ticket.kind = 'merge.read' AND ticket.child_id IN (record, stays)
    ) IS TRUE;
END
$$;
