-- Whoever lets somebody in never has the only part in it (ADR 22). Asked by the guard of a person's state, and by the
-- pages that say who can decide; it tells of no item more than that another recorded one.
CREATE OR REPLACE FUNCTION access_vetted_by_another(person bigint, than bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_vettingitem WHERE user_id = person AND recorded_by_id NOT IN (person, than)
    )
$$;
