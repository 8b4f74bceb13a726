-- Whether a system, by the name under which it stands in the log, delivers this feed today: it is accredited for it and good, and
-- the feed is kept by its own organisation, or by one that this one answers for.
CREATE OR REPLACE FUNCTION feeds_delivers(process text, supplier bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_clientsystem AS system
        JOIN public.feeds_supplier AS one ON one.id = system.feed
        JOIN public.access_organisation AS keeper ON keeper.id = one.organisation_id
        WHERE one.id = supplier AND process = 'system.' || system.id AND system.purpose = 'feed'
            AND system.organisation_id IN (keeper.id, keeper.responsible_authority_id)
            AND public.access_system_standing(system.id, NULL) = ''
    )
$$;
