-- Whether an event is one that a system says of itself and of nobody: in its own name, for the organisation whose it is.
CREATE OR REPLACE FUNCTION access_token_says(event audit_event, system bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_clientsystem AS one
        JOIN public.access_organisation AS organisation ON organisation.id = one.organisation_id
        WHERE one.id = system AND event.process = 'system.' || one.id AND event.actor_id IS NULL
            AND event.session_id IS NULL AND event.child_id IS NULL AND event.shown = '{}' AND event.criteria IS NULL
            AND event.organisation_id = organisation.id
            AND event.authority_id = coalesce(organisation.responsible_authority_id, organisation.id)
    )
$$;
