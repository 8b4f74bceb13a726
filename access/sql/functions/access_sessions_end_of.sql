-- Sessions of somebody whom this transaction's own event suspends, stops or lets go, or gives a new sign-in.
CREATE OR REPLACE FUNCTION access_sessions_end_of(person bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM public.access_session WHERE user_id = person AND EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND user_id = person AND kind IN (
            'stop.begun', 'user.declined', 'user.left', 'user.rejoined', 'user.revoked', 'user.sign_in_reset',
            'user.suspended', 'user.withdrawn'
        )
    );
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;
