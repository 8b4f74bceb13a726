-- The event of that kind that this transaction recorded last with the session whose key's fingerprint is presented.
CREATE OR REPLACE FUNCTION access_event_of(presented text, wanted text) RETURNS audit_event LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT event FROM public.audit_event AS event
    JOIN public.access_session AS session ON session.id = event.session_id AND session.user_id = event.actor_id
    WHERE session.key_fingerprint = presented AND session.expires_at > clock_timestamp()
        AND event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now() AND event.kind = wanted
    ORDER BY event.id DESC LIMIT 1
$$;
