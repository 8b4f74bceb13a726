-- The record with a registry number, to an administrator of the authority that answers for it, and under which record it lies,
-- if it does. The ticket says that this very number is looked up and no other. Otherwise it is as if there were none; so it is
-- where a new identity is asked for, approved or made. The token is of its request, as that of registry_identity_child.
CREATE OR REPLACE FUNCTION registry_merge_child(presented bytea) RETURNS TABLE (child_id bigint, stays_id bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    authorities bigint[] := public.registry_shield_authorities(ticket.actor_id);
BEGIN
    IF (ticket.kind = 'merge.listed' AND ticket.fields::text[] = ARRAY[
        'asked.' || encode(sha256(presented || uuid_send(ticket.request_id)), 'hex')
    ]) IS NOT TRUE THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT child.id, NULL::bigint FROM public.registry_child AS child
        WHERE child.number_fingerprint = presented AND child.responsible_authority_id = ANY (authorities)
            AND NOT public.registry_identity_goes_on(child.id)
        UNION ALL
        SELECT one.child_id, one.into_id FROM public.registry_mergerequest AS one
        JOIN public.registry_child AS stays ON stays.id = one.into_id
        WHERE one.number_fingerprint = presented AND NOT one.parts AND one.done_at IS NOT NULL AND one.until IS NULL
            AND stays.responsible_authority_id = ANY (authorities);
END
$$;
