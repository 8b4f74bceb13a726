CREATE OR REPLACE FUNCTION registry_child_to_locate() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT child FROM public.registry_child_to_see() AS child
    WHERE NOT EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child AND shield.ended_on IS NULL
    )
$$;
