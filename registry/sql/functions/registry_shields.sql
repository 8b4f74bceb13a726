-- Shields as a committed event allows, to those who decide: all that are in force (shield.listed), the next review first, or
-- all of one child (shield.read).
CREATE OR REPLACE FUNCTION registry_shields() RETURNS SETOF registry_shield LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('shield.listed', 'shield.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of shields is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.* FROM public.registry_shield AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND CASE ticket.kind WHEN 'shield.listed' THEN one.ended_on IS NULL ELSE one.child_id = ticket.child_id END
        ORDER BY one.review_on, one.id;
END
$$;
