-- Events that name a record or list it, where people of the reader's own authorities had to do with it: theirs, and then
-- also the readings of the log that were about it, and what became of answers to a family about it. Here, since a condition
-- on a list may not use its index under a policy; whole, so that nobody looks for them again, month by month. Nothing is
-- added to an authority but so that its index is left alone: no statistics are kept of records (docs/adr/0013), and
-- PostgreSQL would go through all events of that authority for the few of one record.
--
-- Of records that lie or lay together, as registry_told_with says: each event once, for the first of them that it tells of.
CREATE OR REPLACE FUNCTION review_events_of_record(record bigint) RETURNS SETOF audit_event
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
    had_to_do boolean := false;
    named bigint;
    since timestamptz;
    until timestamptz;
    told bigint[] := '{}'; -- the records before
BEGIN
    FOR named, since, until IN SELECT * FROM public.registry_told_with(record) LOOP
        told := array_remove(told, named);
        RETURN QUERY
            SELECT event.* FROM public.audit_event AS event
                WHERE event.child_id = named AND event.at >= since AND event.at <= until
                    AND event.authority_id + 0 = ANY (audited) AND public.review_has_to_do(event)
                    AND (event.kind IN ('child.listed', 'child.recalled') AND event.shown && told) IS NOT TRUE
            UNION ALL
            SELECT event.* FROM public.audit_event AS event
                WHERE event.kind IN ('child.listed', 'child.recalled') AND event.shown @> ARRAY[named]
                    AND event.at >= since AND event.at <= until AND event.child_id IS DISTINCT FROM named
                    AND event.authority_id + 0 = ANY (audited) AND public.review_has_to_do(event)
                    AND (event.child_id = ANY (told) OR event.shown && told) IS NOT TRUE;
        had_to_do := had_to_do OR FOUND;
        told := told || named;
    END LOOP;
    IF had_to_do THEN
        RETURN QUERY
            SELECT event.* FROM public.registry_told_with(record) AS span
                JOIN public.audit_event AS event ON event.child_id = span.named
                WHERE event.at >= span.since AND event.at <= span.until AND event.authority_id + 0 = ANY (audited)
                    AND (event.kind = 'log.read' OR event.kind LIKE 'answer.%');
    END IF;
END
$$;
