-- Whether somebody has a password and a second factor, for their checklist: of both this alone is told.
CREATE OR REPLACE FUNCTION access_is_enrolled(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM public.access_password WHERE user_id = person)
        AND EXISTS (SELECT FROM public.mfa_authenticator WHERE user_id = person)
$$;
