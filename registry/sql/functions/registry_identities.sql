-- Requests for new identities as a committed event allows, to those who decide about the record: the ones that go on
-- (identity.listed) or all about one child (identity.read). Never what is wanted, and none once the record is closed.
CREATE OR REPLACE FUNCTION registry_identities() RETURNS TABLE (
    id bigint, child_id bigint, authority_id bigint, reason text, asked_by_id bigint, asked_at timestamptz, outcome text,
    refusal text, decided_by_id bigint, decided_at timestamptz, steps integer
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('identity.listed', 'identity.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of new identities is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT
            one.id, one.child_id, one.authority_id, one.reason::text, one.asked_by_id, one.asked_at, one.outcome::text,
            one.refusal::text, one.decided_by_id, one.decided_at, one.steps
        FROM public.registry_identityrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND CASE ticket.kind
                WHEN 'identity.listed' THEN one.outcome <> 'refused' ELSE one.child_id = ticket.child_id
            END
        ORDER BY one.id;
END
$$;
