-- This transaction's own event of that kind, recorded in a system's session and naming that system. NULL where there is none: a
-- browser follows nothing, and no system follows for another.
CREATE OR REPLACE FUNCTION registry_following_event(told text) RETURNS audit_event LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT event.* FROM public.registry_shield_event(ARRAY[told]) AS event
    JOIN public.access_session AS session ON session.id = event.session_id
    WHERE event.fields::text[] = ARRAY['system', session.system_id::text]
$$;
