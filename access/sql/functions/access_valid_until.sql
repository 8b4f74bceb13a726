-- Until when somebody's vetting holds: until the first of all eight items runs out.
CREATE OR REPLACE FUNCTION access_valid_until(person bigint) RETURNS date LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN count(*) = 8 THEN min(expires_on) END FROM public.access_vettingitem WHERE user_id = person
$$;
