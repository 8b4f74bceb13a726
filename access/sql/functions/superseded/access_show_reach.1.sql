-- For which organisations the person of a session decides or applies today, and from then on the connection shows that
-- session: an action is told who acts, and reads what they may see, whatever was shown before.
CREATE OR REPLACE FUNCTION access_show_reach(presented text) RETURNS TABLE (organisation_id bigint, what text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    session public.access_session;
BEGIN
    SELECT * INTO session FROM public.access_session
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp();
    IF session.user_id IS NULL THEN
        RAISE EXCEPTION 'no live session vouches for whoever asks' USING ERRCODE = 'CP001';
    END IF;
    PERFORM public.access_show('session', session.id);
    RETURN QUERY
        SELECT given.organisation_id, named.codename::text FROM public.access_grant AS given
        JOIN public.auth_permission AS named ON named.id = given.permission_id
        WHERE given.user_id = session.user_id AND given.expires_on >= public.access_today()
            AND named.codename IN ('administer_organisation', 'apply_organisation');
END
$$;
