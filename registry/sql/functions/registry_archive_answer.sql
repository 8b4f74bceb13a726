-- What stands in a record of the archive, sealed as it stands: to the one who asked and nobody else, once, within a day of the
-- answer. It is taken away as it is read. That it was read is besides a committed event, which nobody takes back, so that who
-- takes the transaction back reads no second time; what is left then goes with its day.
CREATE OR REPLACE FUNCTION registry_archive_answer(request bigint)
    RETURNS TABLE (id bigint, row_version integer, answer public.sealed)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'archive.opened' AND ticket.fields::text[] = ARRAY['archive.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading the archive is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        UPDATE public.registry_archiverequest AS kept SET answer = NULL
        FROM (
            SELECT one.id, one.row_version, one.answer
            FROM public.registry_archiverequest AS one
            WHERE one.id = request AND one.outcome = 'given' AND one.found = 'there' AND one.answer IS NOT NULL
                AND one.answered_at > now() - interval '1 day' AND one.child_id = ticket.child_id
                AND ticket.reason = one.reason AND ticket.actor_id = one.asked_by_id
                AND one.authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
                AND NOT EXISTS (
                    SELECT FROM public.audit_event AS before
                    WHERE before.child_id = ticket.child_id AND before.kind = 'archive.opened'
                        AND before.actor_id = ticket.actor_id AND before.fields::text[] = ticket.fields::text[]
                        AND before.id < ticket.id
                )
            FOR UPDATE
        ) AS told
        WHERE kept.id = told.id
        RETURNING told.id, told.row_version, told.answer;
END
$$;
