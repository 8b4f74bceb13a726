-- The last ten records that a practitioner opened within seven days.
CREATE OR REPLACE FUNCTION registry_opened_by(practitioner bigint)
    RETURNS TABLE (child_id bigint, opened_at timestamptz) LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT event.child_id, max(event.at) FROM public.audit_event AS event
    WHERE event.actor_id = practitioner AND event.at > now() - interval '7 days'
        AND event.kind = 'child.opened' AND event.role = 'practitioner'
    GROUP BY event.child_id ORDER BY max(event.at) DESC LIMIT 10
$$;
