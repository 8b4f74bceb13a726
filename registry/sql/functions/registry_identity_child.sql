-- The child with a registry number, to an administrator of the authority that answers for the record, or did when it was
-- closed; and whether it is closed. The ticket says that this very number is looked up and no other. Otherwise it is as if
-- there were none. The token is of its request: whoever reads the log does not see that two looked for the same.
CREATE OR REPLACE FUNCTION registry_identity_child(presented bytea) RETURNS TABLE (child_id bigint, closed boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    authorities bigint[] := public.registry_shield_authorities(ticket.actor_id);
BEGIN
    IF (ticket.kind = 'identity.listed' AND ticket.fields::text[] = ARRAY[
        'asked.' || encode(sha256(presented || uuid_send(ticket.request_id)), 'hex')
    ]) IS NOT TRUE THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT child.id, false FROM public.registry_child AS child
        WHERE child.number_fingerprint = presented AND child.responsible_authority_id = ANY (authorities)
        UNION ALL
        SELECT escrow.child_id, true FROM public.registry_escrow AS escrow
        WHERE escrow.number_fingerprint = presented AND escrow.authority_id = ANY (authorities);
END
$$;
