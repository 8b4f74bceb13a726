-- Begins the session for which a code was made: once, while the code and the browser's session last in which it was made, and
-- its person and the system are good. Shown a second time, the code ends what it began (RFC 9700, 4.5), and it is said whose that
-- was, without a session: whoever calls must not undo that.
CREATE OR REPLACE FUNCTION access_code_redeem(code text, asked bigint, token text, renewal text, line text)
    RETURNS TABLE (session_id bigint, user_id bigint, expires_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given public.access_systemcode;
    begun public.access_session;
BEGIN
    SELECT * INTO given FROM public.access_systemcode AS kept
        WHERE kept.code_fingerprint = code AND kept.system_id = asked FOR UPDATE;
    IF given.session_id IS NOT NULL THEN
        RETURN QUERY DELETE FROM public.access_session AS begun_before WHERE begun_before.id = given.session_id
            RETURNING NULL::bigint, begun_before.user_id, NULL::timestamptz;
        RETURN;
    END IF;
    -- Whoever is being given a new sign-in in this very moment is waited for, as in access_sign_in.
    PERFORM FROM public.access_user WHERE id = given.user_id FOR KEY SHARE;
    IF given.expires_at > clock_timestamp() AND public.access_may_enter(given.user_id)
        AND public.access_system_standing(asked, given.user_id) = ''
        AND NOT public.access_awaits_new_sign_in(given.user_id)
        AND EXISTS (
            SELECT FROM public.access_session AS browser
            WHERE browser.id = given.allowed_in_id AND browser.expires_at > clock_timestamp()
        )
    THEN
        INSERT INTO public.access_session AS session (
            key_fingerprint, renewal_fingerprint, line_fingerprint, system_id, user_id, second_factor_at, started_at, seen_at,
            expires_at
        ) VALUES (
            token, renewal, line, asked, given.user_id, given.second_factor_at, given.signed_in_at, now(),
            least(now() + interval '15 minutes', given.signed_in_at + interval '10 hours')
        ) RETURNING * INTO begun;
        UPDATE public.access_systemcode SET session_id = begun.id WHERE id = given.id;
        RETURN QUERY SELECT begun.id, begun.user_id, begun.expires_at;
    END IF;
END
$$;
