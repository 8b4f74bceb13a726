-- What the log holds of one person's own doings, of what a mediator did in their name, and of failures to sign in as
-- them: for themself alone, and recorded. Neither alerts about them nor what an administrator did. Month by month, so
-- that whoever did much long ago does not wait for all of it; `+ 0`, since the planner, who must not know who does much
-- (audit_make_partitions), would rather walk the whole month by id.
CREATE OR REPLACE FUNCTION access_history_of(before bigint, most integer)
    RETURNS TABLE (
        id bigint, at timestamptz, kind text, outcome text, reason text, actor_id bigint, user_id bigint,
        child_id bigint, children integer
    ) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    reading public.audit_event := public.audit_ticket();
    missing integer := least(most, 100);
    found integer;
    month timestamptz;
BEGIN
    IF reading.kind IS DISTINCT FROM 'history.read' THEN
        RAISE EXCEPTION 'reading one''s history is recorded first' USING ERRCODE = 'CP001';
    END IF;
    FOR month IN
        SELECT to_date(right(relname, 7), 'YYYY_MM') FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'public.audit_event'::regclass ORDER BY 1 DESC
    LOOP
        RETURN QUERY
            SELECT event.id, event.at, event.kind::text, event.outcome::text, event.reason::text, event.actor_id,
                event.user_id, event.child_id, cardinality(event.shown)
            FROM public.audit_event AS event
            WHERE event.at >= month AND event.at < month + interval '1 month' AND event.id < before AND (
                event.actor_id = reading.actor_id
                OR event.user_id = reading.actor_id AND event.actor_id IS DISTINCT FROM event.user_id AND (
                    event.role = 'mediator' OR event.process = 'sign-in'
                )
            )
            ORDER BY event.id + 0 DESC LIMIT missing;
        GET DIAGNOSTICS found = ROW_COUNT;
        missing := missing - found;
        EXIT WHEN missing = 0;
    END LOOP;
END
$$;
