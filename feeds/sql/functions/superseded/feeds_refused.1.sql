-- Rows of a batch that were refused, to whoever keeps the feed, so that the supplier mends and sends them again: after the
-- event that says so (batch.returned).
CREATE OR REPLACE FUNCTION feeds_refused() RETURNS TABLE (
    id bigint, row_version integer, line bigint, code text, field text, content public.sealed
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    of_batch bigint;
BEGIN
    IF (ticket.kind = 'batch.returned' AND ticket.fields[1] ~ '^batch\.[0-9]+$') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of refused rows is recorded first' USING ERRCODE = 'CP001';
    END IF;
    of_batch := split_part(ticket.fields[1], '.', 2)::bigint;
    RETURN QUERY
        SELECT one.id, one.row_version, one.line, one.code::text, one.field::text, one.content
        FROM public.feeds_batchrow AS one
        JOIN public.feeds_batch AS batch ON batch.id = one.batch_id
        WHERE one.batch_id = of_batch AND one.outcome = 'refused'
            AND public.feeds_keeps(ticket.actor_id, batch.supplier_id)
        ORDER BY one.line;
END
$$;
