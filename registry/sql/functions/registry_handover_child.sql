-- The child with a registry number, to an administrator of the authority that answers for the record. The ticket says that this
-- very number is looked up and no other. Otherwise, and of a record that is closed or archived, it is as if there were none.
CREATE OR REPLACE FUNCTION registry_handover_child(presented bytea) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'handover.listed' AND ticket.fields::text[] = ARRAY[
        'asked.' || encode(sha256(presented || uuid_send(ticket.request_id)), 'hex')
    ]) IS NOT TRUE THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN (
        SELECT child.id FROM public.registry_child AS child
        WHERE child.number_fingerprint = presented
            AND child.responsible_authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
    );
END
$$;
