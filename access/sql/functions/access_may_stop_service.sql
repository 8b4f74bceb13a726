CREATE OR REPLACE FUNCTION access_may_stop_service(person bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_user AS administrator
        JOIN public.access_grant AS given ON given.user_id = administrator.id
        JOIN public.auth_permission AS what ON what.id = given.permission_id
        WHERE administrator.id = person AND administrator.role = 'administrator' AND what.codename = 'stop_service'
            AND given.expires_on >= public.access_today()
    )
$$;
