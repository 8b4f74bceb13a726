-- The authorities whose part of the log the reader may read, to whom the ticket says that they read the log.
CREATE OR REPLACE FUNCTION review_audited() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF ticket.kind IS DISTINCT FROM 'log.read' THEN
        RAISE EXCEPTION 'reading the log is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN ARRAY(
        SELECT authority.id FROM public.access_organisation AS authority
        WHERE authority.id IN (SELECT organisation_id FROM public.access_grant WHERE user_id = ticket.actor_id)
            AND public.access_holds(ticket.actor_id, authority.id, '{audit_authority}')
    );
END
$$;
