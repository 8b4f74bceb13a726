CREATE OR REPLACE FUNCTION access_administers(person bigint, organisation bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.access_holds(person, organisation, '{administer_organisation}')
        AND public.access_may_enter(person)
        AND EXISTS (SELECT FROM public.access_user WHERE id = person AND role = 'administrator')
$$;
