-- All bounds of one feed, or of every feed, the newest first, as a committed event allows (batch.listed), to whoever keeps it.
CREATE OR REPLACE FUNCTION feeds_bounds_of(of_supplier bigint) RETURNS TABLE (
    id bigint, supplier_id bigint, weights integer, link double precision, doubt double precision, moves text, moved_from double precision,
    decided integer, against integer, suggested_at timestamptz, state text, decided_by_id bigint, decided_at timestamptz
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
        SELECT one.id, one.supplier_id, one.weights::integer, one.link, one.doubt, one.moves::text, one.moved_from, one.decided, one.against,
            one.suggested_at, one.state::text, one.decided_by_id, one.decided_at
        FROM public.feeds_bounds AS one
        WHERE (of_supplier IS NULL OR one.supplier_id = of_supplier)
            AND public.feeds_keeps(ticket.actor_id, one.supplier_id)
        ORDER BY one.id DESC;
END
$$;
