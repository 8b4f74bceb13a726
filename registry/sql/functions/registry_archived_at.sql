-- When a record passed into the archive, by the log; NULL where the log does not tell. For the worker, which knows the record
-- and reads nothing of the log.
CREATE OR REPLACE FUNCTION registry_archived_at(child bigint) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT max(event.at) FROM public.audit_event AS event WHERE event.child_id = child AND event.kind = 'child.archived'
$$;
