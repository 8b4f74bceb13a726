-- The authorities about whose shields somebody decides: those that they administer, today.
CREATE OR REPLACE FUNCTION registry_shield_authorities(person bigint) RETURNS bigint[] LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(one.id), '{}') FROM public.access_organisation AS one
    WHERE one.responsible_authority_id IS NULL
        AND public.access_holds(person, one.id, '{administer_organisation}')
$$;
