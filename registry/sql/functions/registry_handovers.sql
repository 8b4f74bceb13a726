-- Offers as a committed event allows, to those who answer for the record or to whom it is offered: the open ones
-- (handover.listed), or all about one child (handover.read), of which another authority sees only that which is open to it.
CREATE OR REPLACE FUNCTION registry_handovers() RETURNS TABLE (
    id bigint, child_id bigint, authority_id bigint, to_id bigint, reason text, offered_by_id bigint, offered_at timestamptz,
    outcome text, refusal text, decided_by_id bigint, decided_at timestamptz, steps integer, own boolean,
    theirs boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    authorities bigint[] := public.registry_shield_authorities(ticket.actor_id);
BEGIN
    IF (ticket.kind IN ('handover.listed', 'handover.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of offers is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT
            one.id, one.child_id, one.authority_id, one.to_id, one.reason::text, one.offered_by_id, one.offered_at,
            one.outcome::text, one.refusal::text, one.decided_by_id, one.decided_at, one.steps,
            child.responsible_authority_id = ANY (authorities), one.to_id = ANY (authorities)
        FROM public.registry_handover AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE (
            child.responsible_authority_id = ANY (authorities)
            OR one.outcome = '' AND one.to_id = ANY (authorities) AND NOT public.registry_identity_goes_on(child.id)
        ) AND CASE ticket.kind
            WHEN 'handover.listed' THEN one.outcome = ''
            ELSE child.id = ticket.child_id AND public.registry_handover_may_know(ticket, child)
        END
        ORDER BY one.id;
END
$$;
