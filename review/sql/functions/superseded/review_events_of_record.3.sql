-- Events that name a record or list it, where people of the reader's own authorities had to do with it: theirs, and then
-- also the readings of the log that were about it, and what became of answers to a family about it. Here, since a condition
-- on a list may not use its index under a policy; whole, so that nobody looks for them again, month by month. Nothing is
-- added to an authority but so that its index is left alone: no statistics are kept of records (docs/adr/0013), and
-- PostgreSQL would go through all events of that authority for the few of one record.
CREATE OR REPLACE FUNCTION review_events_of_record(record bigint) RETURNS SETOF audit_event
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
BEGIN
    RETURN QUERY
        SELECT event.* FROM public.audit_event AS event
            WHERE event.child_id = record AND event.authority_id + 0 = ANY (audited) AND public.review_has_to_do(event)
        UNION ALL
        SELECT event.* FROM public.audit_event AS event
            WHERE event.kind IN ('child.listed', 'child.recalled') AND event.shown @> ARRAY[record]
                AND event.child_id IS DISTINCT FROM record AND event.authority_id + 0 = ANY (audited)
                AND public.review_has_to_do(event);
    IF FOUND THEN
        RETURN QUERY
            SELECT event.* FROM public.audit_event AS event
                WHERE event.child_id = record AND event.authority_id + 0 = ANY (audited)
                    AND (event.kind = 'log.read' OR event.kind LIKE 'answer.%');
    END IF;
END
$$;
