-- As with sessions, nobody can list fingerprints, only bring one. The connection shows a good token from then on
-- (access_show), and none that is not.
CREATE OR REPLACE FUNCTION access_token_load(presented text)
    RETURNS TABLE (id bigint, organisation_id bigint, authority_id bigint, standing text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token public.access_apitoken;
    stands text;
BEGIN
    SELECT * INTO token FROM public.access_apitoken AS found WHERE found.token_fingerprint = presented;
    stands := public.access_token_standing(token);
    PERFORM public.access_show('token', CASE WHEN stands = '' THEN token.id END);
    RETURN QUERY
        SELECT token.id, organisation.id, coalesce(organisation.responsible_authority_id, organisation.id), stands
        FROM public.access_organisation AS organisation WHERE organisation.id = token.organisation_id;
END
$$;
