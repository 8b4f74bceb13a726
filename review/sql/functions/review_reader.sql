-- Who reads the log, by the ticket; nobody without one.
CREATE OR REPLACE FUNCTION review_reader() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (public.audit_ticket()).actor_id
$$;
