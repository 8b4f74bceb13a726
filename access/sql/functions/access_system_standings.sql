-- For the page that lists systems: of those of organisations within reach, and asked of nobody in particular.
CREATE OR REPLACE FUNCTION access_system_standings(asked bigint[]) RETURNS TABLE (id bigint, standing text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT system.id, public.access_system_standing(system.id, NULL) FROM public.access_clientsystem AS system
    WHERE system.id = ANY (asked) AND system.organisation_id IN (SELECT public.access_shown_reach())
$$;
