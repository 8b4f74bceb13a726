-- Requests about two records as a committed event allows, to those who answer for the one that stays: those that go on
-- (merge.listed), or all about the two that are compared (merge.read).
CREATE OR REPLACE FUNCTION registry_merges() RETURNS TABLE (
    id bigint, child_id bigint, into_id bigint, parts boolean, reason text, asked_by_id bigint, asked_at timestamptz,
    outcome text, refusal text, decided_by_id bigint, decided_at timestamptz, done_at timestamptz, until timestamptz,
    steps integer
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    beside bigint := public.registry_merge_beside(ticket, 'beside');
BEGIN
    IF (ticket.kind IN ('merge.listed', 'merge.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of what is asked about two records is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT
            one.id, one.child_id, one.into_id, one.parts, one.reason::text, one.asked_by_id, one.asked_at,
            one.outcome::text, one.refusal::text, one.decided_by_id, one.decided_at, one.done_at, one.until, one.steps
        FROM public.registry_mergerequest AS one
        JOIN public.registry_child AS stays ON stays.id = one.into_id
        WHERE stays.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND CASE ticket.kind
                WHEN 'merge.listed' THEN one.outcome <> 'refused' AND one.done_at IS NULL
                ELSE (one.child_id, one.into_id) IN ((ticket.child_id, beside), (beside, ticket.child_id))
            END
        ORDER BY one.id;
END
$$;
