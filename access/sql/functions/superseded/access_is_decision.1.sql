-- Steps in people's lives, and what lets many in or out at once: for these their second factor was shown just now.
CREATE OR REPLACE FUNCTION access_is_decision(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT kind IN (
        'grant.given', 'organisation.accredited', 'stop.begun', 'stop.lifted', 'token.made', 'token.revoked',
        'user.approved', 'user.reinstated', 'user.rejoined', 'user.revoked', 'user.role_changed'
    )
$$;
