-- The consents to keep the record of the child whom a committed event names (identity.read), in their order: to somebody of the
-- authority that answers for it, who looked its number up.
CREATE OR REPLACE FUNCTION registry_keepings() RETURNS TABLE (
    id bigint, ground text, given_on date, recorded_by_id bigint, recorded_at timestamptz, ended_by_id bigint,
    ended_at timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'identity.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of consents is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.ground::text, one.given_on, one.recorded_by_id, one.recorded_at, one.ended_by_id, one.ended_at
        FROM public.registry_keeping AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.child_id = ticket.child_id AND public.registry_keeping_may_know(ticket, child)
        ORDER BY one.id;
END
$$;
