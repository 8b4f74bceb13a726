-- The people within reach whose names have all of these tokens. Here, since a condition on a list may not use its index
-- under a policy.
CREATE OR REPLACE FUNCTION access_people_named(tokens integer[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT person.id FROM public.access_user AS person
        WHERE person.name_tokens @> tokens AND person.organisation_id IN (SELECT public.access_shown_reach());
END
$$;
