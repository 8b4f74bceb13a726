-- The feeds that somebody keeps who reads batches, as a committed event allows (batch.listed).
CREATE OR REPLACE FUNCTION feeds_suppliers() RETURNS TABLE (
    id bigint, organisation_id bigint, source text, format text, must_supply boolean, asks boolean, usual_linked integer,
    stopped_at timestamptz
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
        SELECT one.id, one.organisation_id, one.source::text, one.format::text, one.must_supply, one.asks,
            one.usual_linked::integer, one.stopped_at
        FROM public.feeds_supplier AS one
        WHERE public.feeds_keeps(ticket.actor_id, one.id)
        ORDER BY one.id;
END
$$;
