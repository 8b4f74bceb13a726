-- Whose shields were overridden, as a committed event allows, to those who decide about them: the last 26 weeks of their
-- authority (shield.listed), or all of one child (shield.read); the newest first.
CREATE OR REPLACE FUNCTION registry_overrides() RETURNS SETOF registry_override LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('shield.listed', 'shield.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of shields is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.* FROM public.registry_override AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND CASE ticket.kind
                WHEN 'shield.listed' THEN one.at > now() - interval '182 days' ELSE one.child_id = ticket.child_id
            END
        ORDER BY one.at DESC;
END
$$;
