-- A token is made and revoked only where this transaction's own event says that an administrator of the organisation
-- did. Otherwise whoever takes the web process over would make one for themselves.
CREATE OR REPLACE FUNCTION access_token_is_kept(told text, responsible bigint, organisation bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = told
            AND user_id = responsible AND public.access_administers(actor_id, organisation)
            AND (told = 'token.revoked' OR actor_id = responsible)
    )
$$;
