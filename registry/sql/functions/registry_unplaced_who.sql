-- Who the children are whom the ticket says that it shows, of those without an education setting for whom one answers: as of
-- shielded ones and no more, so that it tells neither who is shielded nor where anybody lives.
CREATE OR REPLACE FUNCTION registry_unplaced_who() RETURNS SETOF json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'unplaced.listed' AND cardinality(ticket.shown) <= 50) IS NOT TRUE THEN
        RAISE EXCEPTION 'who has no school is shown after the event that says so' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT public.registry_who(child) FROM public.registry_unplaced_of(ticket.actor_id) AS child
        WHERE child.id = ANY (ticket.shown) ORDER BY child.id;
END
$$;
