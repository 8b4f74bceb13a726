-- Whether two administrators agreed to give somebody a new sign-in that they have not set up yet. Until they do, their
-- password and second factors are as if they were in other hands, also once the link has run out.
CREATE OR REPLACE FUNCTION access_awaits_new_sign_in(person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_invitation AS reset
        WHERE reset.user_id = person AND reset.purpose = 'reset' AND reset.used_at IS NULL AND NOT EXISTS (
            SELECT FROM public.access_invitation AS later
            WHERE later.user_id = person AND later.id > reset.id AND later.used_at IS NOT NULL
        )
    )
$$;
