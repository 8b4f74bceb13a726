-- Who looked at the record of an answer, in its days, of the organisations that its authority answers for: which organisation,
-- and through which mediator's where somebody rang. No name of anybody. With the ticket of a reading of this very answer.
CREATE OR REPLACE FUNCTION review_looks(answer bigint, most integer)
    RETURNS TABLE (
        event_id bigint, at timestamptz, kind text, reason text, session_id bigint, organisation_id bigint, through_id bigint
    )
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    about public.review_answer := public.review_answer_to_read(answer);
BEGIN
    RETURN QUERY
        SELECT event.id, event.at, event.kind::text, event.reason::text, event.session_id,
            CASE WHEN event.role = 'mediator' THEN colleague.organisation_id ELSE event.organisation_id END,
            CASE WHEN event.role = 'mediator' THEN event.organisation_id END
        FROM public.review_events_of_record(about.child_id) AS event
        LEFT JOIN public.access_user AS colleague ON colleague.id = event.user_id
        WHERE event.authority_id = about.authority_id AND event.outcome = 'done'
            AND event.kind IN ('child.opened', 'child.shown', 'child.listed', 'child.recalled', 'involvement.read')
            AND event.at >= about.since::timestamp AT TIME ZONE 'Europe/London'
            AND event.at < (about.until + 1)::timestamp AT TIME ZONE 'Europe/London'
        ORDER BY event.at, event.id LIMIT most;
END
$$;
