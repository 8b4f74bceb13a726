-- Whether somebody was granted one of these on the organisation, or on the authority that answers for it.
CREATE OR REPLACE FUNCTION access_holds(person bigint, organisation bigint, whats text[])
    RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_organisation AS one
        JOIN public.access_grant AS given ON given.organisation_id IN (one.id, one.responsible_authority_id)
        JOIN public.auth_permission AS what ON what.id = given.permission_id
        WHERE one.id = organisation AND given.user_id = person AND what.codename = ANY (whats)
            AND given.expires_on >= public.access_today()
    )
$$;
