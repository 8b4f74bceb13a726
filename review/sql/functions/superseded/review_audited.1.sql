CREATE OR REPLACE FUNCTION review_audited() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reader bigint := (
        SELECT event.actor_id FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'log.read' AND event.actor_id IS NOT NULL
        ORDER BY event.id DESC LIMIT 1
    );
BEGIN
    IF reader IS NULL THEN
        RAISE EXCEPTION 'reading the log is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN ARRAY(
        SELECT authority.id FROM public.access_organisation AS authority
        WHERE authority.id IN (SELECT organisation_id FROM public.access_grant WHERE user_id = reader)
            AND public.access_holds(reader, authority.id, '{audit_authority}')
    );
END
$$;
