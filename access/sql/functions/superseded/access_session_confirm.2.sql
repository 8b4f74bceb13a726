-- That the session's person has just shown a second factor, of those that have one. For whoever checks second factors alone.
CREATE OR REPLACE FUNCTION access_session_confirm(presented text) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE public.access_session
    SET second_factor_at = coalesce(second_factor_at, clock_timestamp()), confirmed_at = clock_timestamp()
    WHERE key_fingerprint = presented AND expires_at > clock_timestamp()
        AND EXISTS (SELECT FROM public.mfa_authenticator AS factor WHERE factor.user_id = access_session.user_id)
$$;
