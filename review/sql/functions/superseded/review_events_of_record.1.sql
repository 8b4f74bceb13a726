-- Events that name a record or list it. Here, since a condition on a list may not use its index under a policy.
CREATE OR REPLACE FUNCTION review_events_of_record(record bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
BEGIN
    RETURN QUERY
        SELECT event.id FROM public.audit_event AS event
            WHERE event.child_id = record AND event.authority_id = ANY (audited)
        UNION
        SELECT event.id FROM public.audit_event AS event
            WHERE event.kind IN ('child.listed', 'child.recalled') AND event.shown @> ARRAY[record] AND event.authority_id = ANY (audited);
END
$$;
