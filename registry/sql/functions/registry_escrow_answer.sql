-- The number of the record that goes on with a closed one, sealed as it stands: to the one who asked and the one who gave it,
-- once to each, within a day. What says that somebody read it is a committed event, which nobody takes back.
CREATE OR REPLACE FUNCTION registry_escrow_answer(request bigint)
    RETURNS TABLE (id bigint, row_version integer, answer public.sealed)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'identity.read' AND ticket.fields::text[] = ARRAY['escrow.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading a link is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT escrow.id, escrow.row_version, escrow.answer
        FROM public.registry_escrowrequest AS one
        JOIN public.registry_escrow AS escrow ON escrow.id = one.escrow_id
        WHERE one.id = request AND one.outcome = 'opened' AND one.answered_at IS NOT NULL
            AND one.decided_at > now() - interval '1 day' AND escrow.child_id = ticket.child_id
            AND ticket.actor_id IN (one.asked_by_id, one.decided_by_id)
            AND NOT EXISTS (
                SELECT FROM public.audit_event AS before
                WHERE before.child_id = ticket.child_id AND before.kind = 'identity.read'
                    AND before.actor_id = ticket.actor_id AND before.fields::text[] = ticket.fields::text[]
                    AND before.id < ticket.id
            );
END
$$;
