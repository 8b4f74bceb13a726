-- Another key for a system's session, against the refresh token that goes with the last one: the key before opens nothing
-- from then on. Any earlier one of the same line ends the session, however long ago it was used: two have it (RFC 9700,
-- 4.14). Then it says whose that was, without a session. Whoever calls must not undo that.
CREATE OR REPLACE FUNCTION access_system_renew(presented text, line text, asked bigint, token text, renewal text)
    RETURNS TABLE (session_id bigint, user_id bigint, expires_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY UPDATE public.access_session AS session
        SET key_fingerprint = token, renewal_fingerprint = renewal, seen_at = now(),
            expires_at = least(now() + interval '15 minutes', session.started_at + interval '10 hours')
        WHERE session.line_fingerprint = line AND session.renewal_fingerprint = presented AND session.system_id = asked
            AND session.expires_at > clock_timestamp() AND public.access_may_enter(session.user_id)
            AND public.access_system_standing(asked, session.user_id) = ''
        RETURNING session.id, session.user_id, session.expires_at;
    IF NOT FOUND THEN
        RETURN QUERY DELETE FROM public.access_session AS session
            WHERE session.line_fingerprint = line AND session.renewal_fingerprint <> presented AND session.system_id = asked
            RETURNING NULL::bigint, session.user_id, NULL::timestamptz;
    END IF;
END
$$;
