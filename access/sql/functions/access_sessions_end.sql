-- Ends those other sessions of the user that this transaction's own event names, so that none ends without one.
CREATE OR REPLACE FUNCTION access_sessions_end(presented text) RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM public.access_session AS session
    USING public.access_session AS own, public.audit_event AS event
    WHERE own.key_fingerprint = presented AND own.expires_at > clock_timestamp()
        AND event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
        AND event.kind = 'session.ended' AND event.session_id = own.id
        AND session.user_id = own.user_id AND session.id <> own.id AND session.id::text = ANY (event.fields)
    RETURNING session.id
$$;
