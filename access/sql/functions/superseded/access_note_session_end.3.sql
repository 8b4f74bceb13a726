-- Whatever ends somebody's session leaves why, for a day, under the fingerprint of its key: whoever still holds the key
-- is told, and nobody can list the rest. That somebody signed out, or that their access was stopped, is told no longer
-- than the session itself would have lasted. Who has taken over the web process may begin a session anew under a key that
-- ended: the last end is told, and no end fails for it.
CREATE OR REPLACE FUNCTION access_note_session_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reason text := 'ran_out';
BEGIN
    IF OLD.expires_at > clock_timestamp() THEN
        -- This transaction's own event says who ended it; somebody's own signing out is recorded before.
        SELECT CASE kind WHEN 'session.ended' THEN 'elsewhere' WHEN 'user.password_changed' THEN 'password'
            WHEN 'user.sign_in_reset' THEN 'reset' ELSE 'stopped' END
            INTO reason FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND user_id = OLD.user_id AND (
                kind = 'session.ended' AND OLD.id::text = ANY (fields)
                OR kind = 'user.password_changed' AND session_id <> OLD.id
                OR kind IN (
                    'stop.begun', 'user.declined', 'user.left', 'user.rejoined', 'user.revoked', 'user.sign_in_reset',
                    'user.suspended', 'user.withdrawn'
                )
            )
            ORDER BY id DESC LIMIT 1;
    END IF;
    INSERT INTO public.access_sessionend (key_fingerprint, user_id, why, began_at, expires_at, told_until)
    VALUES (
        OLD.key_fingerprint, OLD.user_id, coalesce(reason, 'signed_out'), OLD.started_at, OLD.expires_at,
        CASE WHEN reason IS NULL THEN OLD.expires_at ELSE clock_timestamp() + interval '1 day' END
    )
    ON CONFLICT (key_fingerprint) DO UPDATE SET
        user_id = EXCLUDED.user_id, why = EXCLUDED.why, began_at = EXCLUDED.began_at, expires_at = EXCLUDED.expires_at,
        told_until = EXCLUDED.told_until;
    RETURN NULL;
END
$$;
