-- The person of this transaction's last event: whoever is at work in it.
CREATE OR REPLACE FUNCTION access_actor() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT actor_id FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() ORDER BY id DESC LIMIT 1
    );
END
$$;
