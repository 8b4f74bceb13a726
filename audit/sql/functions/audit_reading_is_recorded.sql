-- Whether this transaction's ticket says that a person reads the log.
CREATE OR REPLACE FUNCTION audit_reading_is_recorded() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (public.audit_ticket()).kind IS NOT DISTINCT FROM 'log.read'
$$;
