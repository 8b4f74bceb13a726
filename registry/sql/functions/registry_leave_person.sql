-- Who signs in by the address of that fingerprint, to an administrator whose ticket says that they read about a shielded child
-- of their authority: a practitioner of any organisation who may come in today. Of anybody else it is told as of nobody.
CREATE OR REPLACE FUNCTION registry_leave_person(asked text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF ticket.kind IS DISTINCT FROM 'shield.read' THEN
        RAISE EXCEPTION 'reading of shields is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN (
        SELECT person.id FROM public.access_user AS person
        WHERE person.email_fingerprint = asked AND person.role = 'practitioner' AND public.access_may_enter(person.id)
            AND EXISTS (SELECT FROM public.registry_leave_shield(ticket.actor_id, ticket.child_id))
    );
END
$$;
