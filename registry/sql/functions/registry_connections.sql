-- Requests for connections as a committed event allows, to those who make them for the authority that answers for the
-- child: those that are open, without where the asker is rung (connection.listed), or all about one child
-- (connection.read). Never one that they asked for themselves, in another role.
CREATE OR REPLACE FUNCTION registry_connections() RETURNS TABLE (
    id bigint, row_version integer, child_id bigint, reason text, soon text, organisation_id bigint, asked_by_id bigint,
    asked_at timestamptz, telephone public.sealed, outcome text, closed_by_id bigint, closed_at timestamptz, steps integer
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('connection.listed', 'connection.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of connections is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.row_version, one.child_id, one.reason::text, one.soon::text, one.organisation_id,
            one.asked_by_id, one.asked_at, (CASE ticket.kind WHEN 'connection.read' THEN one.telephone END)::public.sealed,
            one.outcome::text, one.closed_by_id, one.closed_at, one.steps
        FROM public.registry_connectionrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.asked_by_id <> ticket.actor_id
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND CASE ticket.kind
                WHEN 'connection.listed' THEN one.closed_at IS NULL ELSE one.child_id = ticket.child_id
            END
        ORDER BY one.id;
END
$$;
