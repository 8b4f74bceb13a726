-- What was noted of the requests that registry_connections shows, in its order. With the ticket of connection.read alone.
CREATE OR REPLACE FUNCTION registry_connection_notes() RETURNS SETOF registry_connectionnote LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'connection.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of connections is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT note.* FROM public.registry_connectionnote AS note
        WHERE note.request_id IN (SELECT one.id FROM public.registry_connections() AS one)
        ORDER BY note.id;
END
$$;
