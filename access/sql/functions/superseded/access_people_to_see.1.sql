-- Whose vetting may be read: one's own, and that of people whom an administrator's event names.
CREATE OR REPLACE FUNCTION access_people_to_see() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT person), '{}') FROM public.audit_event AS event
        CROSS JOIN LATERAL unnest(
            ARRAY[event.actor_id]
            || CASE WHEN event.kind LIKE 'user.%' THEN ARRAY[event.user_id] END
            || CASE WHEN event.kind = 'people.listed' THEN event.shown END
        ) AS person
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.actor_id IS NOT NULL AND person IS NOT NULL
    );
END
$$;
