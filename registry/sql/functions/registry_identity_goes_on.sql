-- Whether a new identity is asked for, or approved and not yet made.
CREATE OR REPLACE FUNCTION registry_identity_goes_on(child bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.registry_identityrequest AS one WHERE one.child_id = child AND one.outcome <> 'refused'
    )
$$;
