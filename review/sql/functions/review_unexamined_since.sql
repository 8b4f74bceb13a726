-- Since when events wait to be examined; nothing when none does. For the watch, which reads no event, and for auditors.
-- An event of long ago that is written now waits since the examiner had done all that there was before.
CREATE OR REPLACE FUNCTION review_unexamined_since() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT greatest(done.whole_at, waiting.at) FROM public.review_cursor AS done
    CROSS JOIN LATERAL (
        SELECT event.at FROM public.audit_event AS event WHERE event.transaction_id >= done.before_transaction
        ORDER BY event.transaction_id LIMIT 1
    ) AS waiting
$$;
