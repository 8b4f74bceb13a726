-- As review_barred_of, of whoever reads the log by the ticket.
CREATE OR REPLACE FUNCTION review_barred() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.review_barred_of((public.audit_ticket()).actor_id)
$$;
