-- Requests for shields as a committed event allows: to those who decide, the open ones (shield.listed) or all about one child
-- (shield.read); to whoever looks at a child (child.shown), their own about it.
CREATE OR REPLACE FUNCTION registry_shield_requests() RETURNS SETOF registry_shieldrequest LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('shield.listed', 'shield.read', 'child.shown')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of shields is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.* FROM public.registry_shieldrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE CASE ticket.kind
            WHEN 'shield.listed' THEN one.approved_at IS NULL
                AND child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            WHEN 'shield.read' THEN one.child_id = ticket.child_id
                AND child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            ELSE one.child_id = ticket.child_id AND one.asked_by_id = ticket.actor_id
        END
        ORDER BY one.id;
END
$$;
