-- Since when events wait for their seal; nothing when none does. For the watch, which reads no event.
CREATE OR REPLACE FUNCTION audit_unsealed_since() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT min(at) FROM public.audit_event WHERE transaction_id >= coalesce(
        (SELECT before_transaction FROM public.audit_checkpoint ORDER BY size DESC LIMIT 1), '0'
    )
$$;
