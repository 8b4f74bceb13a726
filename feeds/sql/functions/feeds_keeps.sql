-- Whether somebody keeps a feed, today: they administer the organisation that keeps it, or the authority that answers for that.
CREATE OR REPLACE FUNCTION feeds_keeps(person bigint, supplier bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.feeds_supplier AS one
        WHERE one.id = supplier AND public.access_holds(person, one.organisation_id, '{administer_organisation}')
    )
$$;
