-- Whether a system may be told of a record for an organisation, as the worker found it sealed, and if not, why: the words of
-- access_system_standing, or that no event says so ('unsaid'). Whoever serves people seals what it likes, and records what it
-- does in a session that the database knows: so nobody is told but the system in which somebody of that organisation followed
-- this record. With where it is told, and what it calls itself.
CREATE OR REPLACE FUNCTION registry_following_standing(record bigint, begun bigint, system bigint, organisation bigint)
    RETURNS TABLE (standing text, client_id text, address text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
            WHEN NOT EXISTS (
                SELECT FROM public.audit_event AS event
                WHERE event.id = begun AND event.kind = 'child.followed' AND event.child_id = record
                    AND event.organisation_id = organisation AND event.fields::text[] = ARRAY['system', system::text]
            ) THEN 'unsaid'
            WHEN NOT EXISTS (
                SELECT FROM public.access_organisation AS employer
                WHERE employer.id = organisation
                    AND one.organisation_id IN (employer.id, employer.responsible_authority_id)
            ) THEN 'elsewhere'
            WHEN NOT public.access_organisation_is_open(organisation) THEN 'organisation'
            ELSE public.access_system_standing(system, NULL)
        END, one.client_id::text, one.telling_address::text
    FROM public.access_clientsystem AS one WHERE one.id = system
$$;
