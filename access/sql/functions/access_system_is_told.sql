-- A system is asked for, accredited and revoked only where this transaction's own event says that an administrator of its
-- organisation did. Otherwise whoever takes the web process over would make one for themselves.
CREATE OR REPLACE FUNCTION access_system_is_told(told text, organisation bigint, system bigint, by bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = told
            AND fields::text[] = ARRAY[organisation::text, system::text] AND public.access_administers(actor_id, organisation)
            AND (by IS NULL OR actor_id = by)
    )
$$;
