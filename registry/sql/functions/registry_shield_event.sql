-- This transaction's own event of one of these kinds, by a person; NULL where there is none. Steps of a shield are taken from
-- it, and from nothing else that a process says.
CREATE OR REPLACE FUNCTION registry_shield_event(told text[]) RETURNS audit_event LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT event.* FROM public.audit_event AS event
    WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
        AND event.kind = ANY (told) AND event.actor_id IS NOT NULL
    ORDER BY event.id DESC LIMIT 1
$$;
