-- Which records a practitioner opened within seven days, after the event that one's own history is read; what they are
-- called is told by registry_recalled. Never one that a mediator opened: nothing of one call is at hand in the next.
CREATE OR REPLACE FUNCTION registry_opened_lately(presented text) RETURNS TABLE (child_id bigint, opened_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reading public.audit_event := public.access_event_of(presented, 'history.read');
    since timestamptz := clock_timestamp() - interval '7 days';
BEGIN
    IF reading.id IS NULL OR reading.role <> 'practitioner' THEN
        RAISE EXCEPTION 'reading one''s history is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT event.child_id, max(event.at) FROM public.audit_event AS event
        WHERE event.actor_id = reading.actor_id AND event.at > since
            AND event.kind = 'child.opened' AND event.role = 'practitioner'
        GROUP BY event.child_id ORDER BY max(event.at) DESC LIMIT 10;
END
$$;
