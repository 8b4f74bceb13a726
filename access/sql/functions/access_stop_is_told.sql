CREATE OR REPLACE FUNCTION access_stop_is_told(wanted text, who bigint, scope text, person bigint, organisation bigint)
    RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.access_told_fields(
        wanted, who, person, array_remove(ARRAY[scope, organisation::text], NULL)
    )
$$;
