-- The names, sealed as they stand, of the people whom these events and alerts name, where the ticket says that the log
-- is read and the reader may read them: of their authorities, or of an alert that concerns everybody, and of no case from
-- which they are barred. Nothing else of these people is here.
CREATE OR REPLACE FUNCTION review_names_of(events bigint[], alerts bigint[])
    RETURNS TABLE (id bigint, row_version integer, name public.sealed)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
    withheld text[] := public.review_withheld();
    everybodys bigint[] := public.review_everybodys();
BEGIN
    IF cardinality(events) > 500 OR cardinality(alerts) > 500 THEN
        RAISE EXCEPTION 'names are read of at most 500 events' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    RETURN QUERY
        SELECT person.id, person.row_version, person.name FROM public.access_user AS person WHERE person.id IN (
            SELECT unnest(
                ARRAY[event.actor_id, event.user_id] || CASE WHEN event.kind = 'people.listed' THEN event.shown END
            )
            FROM public.audit_event AS event
            WHERE event.id = ANY (events) AND coalesce(event.fields[1], '') <> ALL (withheld) AND (
                event.authority_id = ANY (audited)
                OR event.authority_id IS NULL AND event.kind = 'alert.raised'
                OR event.kind IN ('alert.taken', 'alert.closed') AND event.fields[1] IN (
                    SELECT 'alert.' || raised.id FROM public.audit_raisedalert AS raised
                    WHERE raised.authority_id IS NULL
                )
            )
            UNION
            SELECT unnest(ARRAY[raised.user_id, inquiry.taken_by_id])
            FROM public.audit_raisedalert AS raised
            LEFT JOIN public.review_inquiry AS inquiry ON inquiry.alert_id = raised.id
            WHERE raised.id = ANY (alerts) AND 'alert.' || raised.id <> ALL (withheld) AND (
                raised.authority_id IS NULL OR raised.authority_id = ANY (audited)
                OR raised.what IN ('urgent_case', 'overridden')
                    AND raised.subject IN (SELECT 'case.' || one FROM unnest(everybodys) AS one)
            )
        );
END
$$;
