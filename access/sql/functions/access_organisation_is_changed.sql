CREATE OR REPLACE FUNCTION access_organisation_is_changed(organisation bigint)
    RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.access_told_fields('organisation.changed', public.access_actor(), NULL, ARRAY[organisation::text])
$$;
