-- A session in a system begins with the event of its person's signing in, or not at all, as a browser's becomes somebody's
-- (access_sign_in). Asked when the transaction ends: the event says which session it is.
CREATE OR REPLACE FUNCTION access_guard_session_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = 'sign_in.succeeded'
            AND session_id = NEW.id AND actor_id = NEW.user_id
    ) THEN
        RAISE EXCEPTION 'a session begins with a sign-in' USING ERRCODE = 'CP001';
    END IF;
    RETURN NULL;
END
$$;
