-- As with sessions, nobody can list fingerprints, only bring one: of a token that a system fetched for itself. The connection
-- shows a good one from then on (access_show), and none that is not.
CREATE OR REPLACE FUNCTION access_token_load(presented text) RETURNS TABLE (
    id bigint, system_id bigint, organisation_id bigint, authority_id bigint, purpose text, feed bigint, standing text
)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    token public.access_systemtoken;
    stands text;
BEGIN
    SELECT * INTO token FROM public.access_systemtoken AS found
        WHERE found.token_fingerprint = presented AND found.expires_at > clock_timestamp();
    stands := public.access_system_standing(token.system_id, NULL);
    PERFORM public.access_show('token', CASE WHEN stands = '' THEN token.id END);
    RETURN QUERY
        SELECT token.id, system.id, organisation.id, coalesce(organisation.responsible_authority_id, organisation.id),
            system.purpose::text, system.feed, stands
        FROM public.access_clientsystem AS system
        JOIN public.access_organisation AS organisation ON organisation.id = system.organisation_id
        WHERE system.id = token.system_id;
END
$$;
