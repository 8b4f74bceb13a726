-- Whether the person is one of the token's organisation, or of those that it answers for.
CREATE OR REPLACE FUNCTION access_token_reaches(token access_apitoken, person bigint)
    RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_user AS one
        JOIN public.access_organisation AS employer ON employer.id = one.organisation_id
        WHERE one.id = person AND token.organisation_id IN (employer.id, employer.responsible_authority_id)
    )
$$;
