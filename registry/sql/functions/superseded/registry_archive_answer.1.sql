-- What stands in a record of the archive, sealed as it stands: to the one who asked and nobody else, once, within a day. What
-- says that somebody read it is a committed event, which nobody takes back.
CREATE OR REPLACE FUNCTION registry_archive_answer(request bigint)
    RETURNS TABLE (id bigint, row_version integer, answer public.sealed)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'archive.opened' AND ticket.fields::text[] = ARRAY['archive.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading the archive is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.row_version, one.answer
        FROM public.registry_archiverequest AS one
        WHERE one.id = request AND one.outcome = 'given' AND one.found = 'there'
            AND one.decided_at > now() - interval '1 day' AND one.child_id = ticket.child_id
            AND ticket.reason = one.reason AND ticket.actor_id = one.asked_by_id
            AND one.authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND NOT EXISTS (
                SELECT FROM public.audit_event AS before
                WHERE before.child_id = ticket.child_id AND before.kind = 'archive.opened'
                    AND before.actor_id = ticket.actor_id AND before.fields::text[] = ticket.fields::text[]
                    AND before.id < ticket.id
            );
END
$$;
