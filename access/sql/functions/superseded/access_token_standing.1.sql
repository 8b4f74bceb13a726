-- A token is good while nothing speaks against it: neither the token itself, nor its organisation, nor the
-- administrator who answers for it. Asked on each use.
CREATE OR REPLACE FUNCTION access_token_standing(token access_apitoken) RETURNS text LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE
        WHEN token.revoked_at IS NOT NULL THEN 'revoked'
        WHEN token.expires_at <= clock_timestamp() THEN 'expired'
        WHEN NOT public.access_organisation_is_open(token.organisation_id) THEN 'organisation'
        WHEN NOT public.access_administers(token.responsible_id, token.organisation_id) THEN 'responsible'
        ELSE ''
    END;
END
$$;
