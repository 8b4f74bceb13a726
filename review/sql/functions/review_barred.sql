-- As review_barred_of, of whoever reads the log by the ticket.
CREATE OR REPLACE FUNCTION review_barred() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.review_audited();  -- without the ticket of a reading it refuses
    RETURN public.review_barred_of((public.audit_ticket()).actor_id);
END
$$;
