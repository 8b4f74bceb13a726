-- The event because of which this transaction may read: nothing but NULL without a ticket, with one that somebody made
-- up, and half a minute later.
CREATE OR REPLACE FUNCTION audit_ticket() RETURNS audit_event LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    presented text[] := string_to_array(current_setting('contactpoint.ticket', true), ' ');
    ticket public.audit_event;
BEGIN
    IF presented[3] = public.audit_ticket_mark(presented[1]::bigint, presented[2]::bigint)
        AND presented[2]::bigint > extract(epoch FROM clock_timestamp())
    THEN
        SELECT event.* INTO ticket FROM public.audit_event AS event
            WHERE event.id = presented[1]::bigint AND event.at > now() - interval '1 minute';
    END IF;
    RETURN ticket;
END
$$;
