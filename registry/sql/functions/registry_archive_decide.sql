-- Takes the step with a request to read the archive that this transaction's event says: given by another person, who knows of
-- which record it is and names its number, or refused, also by who asked. `seen` is how many steps the page knew of. Returns
-- whether it was taken. Given is not read yet: the worker answers (registry/worker/archive.py).
CREATE OR REPLACE FUNCTION registry_archive_decide(request bigint, seen integer, presented bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{archive.given,archive.refused}');
    asked public.registry_archiverequest;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['archive.' || request]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a request is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT one.* INTO asked FROM public.registry_archiverequest AS one WHERE one.id = request FOR UPDATE;
    IF NOT FOUND OR NOT (asked.authority_id = ANY (public.registry_shield_authorities(event.actor_id)))
        OR event.kind = 'archive.given' AND event.actor_id = asked.asked_by_id
    THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF asked.steps IS DISTINCT FROM seen OR asked.outcome <> '' OR event.kind = 'archive.given'
        AND (event.reason <> asked.reason OR asked.number_fingerprint IS DISTINCT FROM presented)
    THEN
        RETURN false;
    END IF;
    UPDATE public.registry_archiverequest AS one SET
        steps = one.steps + 1,
        outcome = CASE event.kind WHEN 'archive.given' THEN 'given' ELSE 'refused' END,
        decided_by_id = event.actor_id,
        decided_at = clock_timestamp()
        WHERE one.id = request;
    RETURN true;
END
$$;
