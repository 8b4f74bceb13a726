-- Requests to read the archive as a committed event allows (archive.listed), to those of the authority of which it is asked: the
-- ones that wait, those that were given and are not answered, and those that were answered within a day.
CREATE OR REPLACE FUNCTION registry_archives() RETURNS TABLE (
    id bigint, child_id bigint, reason text, asked_by_id bigint, asked_at timestamptz, outcome text, decided_by_id bigint,
    decided_at timestamptz, found text, answered_at timestamptz, steps integer
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'archive.listed') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading what is asked of the archive is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT
            one.id, one.child_id, one.reason::text, one.asked_by_id, one.asked_at, one.outcome::text, one.decided_by_id,
            one.decided_at, one.found::text, one.answered_at, one.steps
        FROM public.registry_archiverequest AS one
        WHERE one.authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND (one.outcome = '' OR one.outcome = 'given' AND coalesce(one.answered_at, now()) > now() - interval '1 day')
        ORDER BY one.id;
END
$$;
