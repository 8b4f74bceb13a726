-- Batches of the feeds that somebody keeps, or of the one that a system delivers, newest first, as a committed event allows
-- (batch.listed): all of them, or the one that is asked for.
CREATE OR REPLACE FUNCTION feeds_batches(most integer, which bigint DEFAULT NULL) RETURNS TABLE (
    id bigint, supplier_id bigint, size bigint, state text, received_by_id bigint, received_at timestamptz,
    decided_by_id bigint, begun_at timestamptz, finished_at timestamptz, rows bigint, linked bigint,
    created bigint, queued bigint, refused bigint, unchanged bigint, expected bigint,
    faults json, unusual boolean, fault text, fault_line bigint, failures integer, system_id bigint
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'batch.listed') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of batches is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.supplier_id, one.size, one.state::text, one.received_by_id, one.received_at,
            one.decided_by_id, one.begun_at, one.finished_at, one.rows, one.linked, one.created, one.queued,
            one.refused, one.unchanged, one.expected, one.faults::json, one.unusual, one.fault::text, one.fault_line,
            one.failures::integer, one.system_id
        FROM public.feeds_batch AS one
        WHERE (which IS NULL OR one.id = which) AND (
            public.feeds_keeps(ticket.actor_id, one.supplier_id) OR public.feeds_delivers(ticket.process, one.supplier_id)
        )
        ORDER BY one.id DESC LIMIT most;
END
$$;
