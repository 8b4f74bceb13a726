-- The time of the clock, not of the transaction: a transaction held open for long does not date its events back.
CREATE OR REPLACE FUNCTION audit_append(event audit_event) RETURNS bigint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    event.at := clock_timestamp();
    event.transaction_id := pg_current_xact_id();
    event.leaf := sha256('\x00'::bytea || convert_to(public.audit_line(event), 'UTF8'));
    INSERT INTO public.audit_event VALUES (event.*);
    RETURN event.id;
END
$$;
