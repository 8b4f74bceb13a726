-- Whether somebody has a password and a second factor, for their checklist: of both this alone is told, and only of
-- whom the caller sees.
CREATE OR REPLACE FUNCTION access_is_enrolled(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_user AS one JOIN public.access_password ON user_id = one.id
        WHERE one.id = person AND (
            one.id = public.access_shown_person() OR one.organisation_id IN (SELECT public.access_shown_reach())
        )
    ) AND EXISTS (SELECT FROM public.mfa_authenticator WHERE user_id = person)
$$;
