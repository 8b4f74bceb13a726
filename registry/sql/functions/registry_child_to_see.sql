-- The child whom this transaction's ticket names. In PL/pgSQL: a session keeps the plan.
CREATE OR REPLACE FUNCTION registry_child_to_see() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    RETURN CASE WHEN ticket.kind IN ('child.opened', 'child.shown', 'involvement.read') THEN ticket.child_id END;
END
$$;
