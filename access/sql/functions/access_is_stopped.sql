-- The service goes on for those who may lift its stop.
CREATE OR REPLACE FUNCTION access_is_stopped(person bigint, organisation bigint) RETURNS boolean LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.access_stop AS stop
        WHERE stop.lifted_at IS NULL AND (
            stop.user_id = person OR stop.organisation_id = organisation
            OR stop.scope = 'service' AND NOT public.access_may_stop_service(person)
        )
    );
END
$$;
