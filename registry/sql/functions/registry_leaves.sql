-- Leave to see shielded children as a committed event allows, to those who decide: what waits (shield.listed), or all about one
-- child (shield.read). `in_force`: whether it opens the record today. Of whom it is for, their number and where they work.
CREATE OR REPLACE FUNCTION registry_leaves() RETURNS TABLE (
    id bigint, child_id bigint, user_id bigint, organisation_id bigint, until date, asked_by_id bigint, asked_at timestamptz,
    outcome text, decided_by_id bigint, decided_at timestamptz, taken_by_id bigint, taken_at timestamptz, steps integer,
    in_force boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('shield.listed', 'shield.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of shields is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.child_id, one.user_id, person.organisation_id, one.until, one.asked_by_id, one.asked_at,
            one.outcome::text, one.decided_by_id, one.decided_at, one.taken_by_id, one.taken_at, one.steps,
            EXISTS (SELECT FROM public.registry_childgrant AS given WHERE given.request_id = one.id)
                AND public.registry_leave_of(one.user_id, one.child_id) IS NOT NULL
        FROM public.registry_leaverequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        JOIN public.access_user AS person ON person.id = one.user_id
        WHERE child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
            AND CASE ticket.kind WHEN 'shield.listed' THEN one.outcome = '' ELSE one.child_id = ticket.child_id END
        ORDER BY one.id;
END
$$;
