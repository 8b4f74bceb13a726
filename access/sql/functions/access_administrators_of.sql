-- Who decides about the people of an organisation within reach, this very moment: by number alone.
CREATE OR REPLACE FUNCTION access_administrators_of(organisation bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT DISTINCT given.user_id FROM public.access_organisation AS one
        JOIN public.access_grant AS given ON given.organisation_id IN (one.id, one.responsible_authority_id)
        WHERE one.id = organisation AND one.id IN (SELECT public.access_shown_reach())
            AND public.access_administers(given.user_id, one.id);
END
$$;
