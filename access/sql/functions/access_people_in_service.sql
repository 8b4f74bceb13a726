-- How many people can sign in at all, whom a stop of the service would concern: a number that names nobody.
CREATE OR REPLACE FUNCTION access_people_in_service() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT count(*) FROM public.access_user WHERE state IN ('joining', 'active'));
END
$$;
