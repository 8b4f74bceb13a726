-- After a new password every other session of the person ends at once, beside the event that says so.
CREATE OR REPLACE FUNCTION access_sessions_end_others(presented text) RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM public.access_session AS session
    USING public.access_session AS own, public.audit_event AS event
    WHERE own.key_fingerprint = presented AND own.expires_at > clock_timestamp()
        AND event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
        AND event.kind = 'user.password_changed' AND event.session_id = own.id
        AND session.user_id = own.user_id AND session.id <> own.id
    RETURNING session.id
$$;
