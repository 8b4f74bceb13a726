-- The registry's own numbers, sealed as they stand, of the records that these events name. Events of others' people
-- lead to none, nor does a reading of the log or an answer about a record with which nobody had to do; nothing else of a
-- record is here.
CREATE OR REPLACE FUNCTION review_numbers_of(events bigint[])
    RETURNS TABLE (child_id bigint, row_version integer, number public.sealed)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
BEGIN
    IF cardinality(events) > 500 THEN
        RAISE EXCEPTION 'numbers are read of at most 500 events' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    RETURN QUERY
        SELECT child.id, child.row_version, child.number FROM public.registry_child AS child
        WHERE child.id IN (
            -- Of other kinds `shown` holds people.
            SELECT unnest(event.child_id || CASE WHEN event.kind IN ('child.listed', 'child.recalled') THEN event.shown END)
            FROM public.audit_event AS event
            WHERE event.id = ANY (events) AND event.authority_id = ANY (audited) AND public.review_has_to_do(event)
            UNION
            SELECT reading.about FROM (
                SELECT DISTINCT event.child_id AS about FROM public.audit_event AS event
                WHERE event.id = ANY (events) AND event.authority_id = ANY (audited)
                    AND (event.kind = 'log.read' OR event.kind LIKE 'answer.%')
            ) AS reading
            WHERE EXISTS (SELECT FROM public.review_events_of_record(reading.about))
        );
END
$$;
