CREATE OR REPLACE FUNCTION access_organisation_is_open(organisation bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_organisation AS one
        WHERE one.id = organisation AND one.accredited_until >= public.access_today() AND NOT EXISTS (
            SELECT FROM public.access_stop AS stop
            WHERE stop.lifted_at IS NULL AND (stop.organisation_id = organisation OR stop.scope = 'service')
        )
    )
$$;
