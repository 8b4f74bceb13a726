-- Whether this transaction has recorded that a person reads the log.
CREATE OR REPLACE FUNCTION audit_reading_is_recorded() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = 'log.read'
            AND actor_id IS NOT NULL
    )
$$;
