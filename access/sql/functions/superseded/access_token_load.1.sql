-- As with sessions, nobody can list fingerprints, only bring one.
CREATE OR REPLACE FUNCTION access_token_load(presented text)
    RETURNS TABLE (id bigint, organisation_id bigint, authority_id bigint, standing text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT token.id, organisation.id, coalesce(organisation.responsible_authority_id, organisation.id),
        public.access_token_standing(token)
    FROM public.access_apitoken AS token
    JOIN public.access_organisation AS organisation ON organisation.id = token.organisation_id
    WHERE token.token_fingerprint = presented
$$;
