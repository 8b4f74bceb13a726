-- What is known of the latest batches of one feed, in numbers, newest first, as a committed event allows (batch.listed), to
-- whoever keeps the feed. No row of it is told, and no child. Doubtful rows are counted once each, however many records they may
-- be about. How long they waited at the median is told of five or more: of fewer it would tell when one was decided.
CREATE OR REPLACE FUNCTION feeds_quality(of_supplier bigint, most integer) RETURNS TABLE (
    id bigint, state text, received_at timestamptz, begun_at timestamptz, rows bigint, linked bigint, created bigint,
    queued bigint, refused bigint, unchanged bigint, faults json, fault text, read bigint, holds json, ages json,
    named bigint, silent bigint, same bigint, different bigint, waiting bigint, waited interval
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'batch.listed') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of batches is recorded first' USING ERRCODE = 'CP001';
    END IF;
    IF NOT public.feeds_keeps(ticket.actor_id, of_supplier) THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT one.id, one.state::text, one.received_at, one.begun_at, one.rows, one.linked, one.created, one.queued,
            one.refused, one.unchanged, one.faults::json, one.fault::text, one.read, one.holds::json, one.ages::json,
            one.named, one.silent, doubt.same, doubt.different, doubt.waiting, doubt.waited
        FROM (
            SELECT * FROM public.feeds_batch AS latest
            WHERE latest.supplier_id = of_supplier AND latest.state <> 'received'
            ORDER BY latest.id DESC LIMIT most
        ) AS one
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE found.same) AS same,
                count(*) FILTER (WHERE NOT found.same AND NOT found.waits) AS different,
                count(*) FILTER (WHERE NOT found.same AND found.waits) AS waiting,
                CASE WHEN count(*) FILTER (WHERE found.same OR NOT found.waits) >= 5 THEN
                    percentile_cont(0.5) WITHIN GROUP (ORDER BY found.decided_at - one.begun_at)
                        FILTER (WHERE found.same OR NOT found.waits)
                END AS waited
            FROM (
                SELECT bool_or(doubtful.outcome = 'same') AS same, bool_or(doubtful.outcome = '') AS waits,
                    coalesce(
                        max(doubtful.decided_at) FILTER (WHERE doubtful.outcome = 'same'), max(doubtful.decided_at)
                    ) AS decided_at
                FROM public.feeds_match AS doubtful WHERE doubtful.batch_id = one.id GROUP BY doubtful.place
            ) AS found
        ) AS doubt
        ORDER BY one.id DESC;
END
$$;
