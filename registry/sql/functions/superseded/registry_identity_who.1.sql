-- Who a child is, as registry_read tells it of a shielded one and no more, to an administrator of the authority that answers
-- for the record: so that they ask for a new identity, or approve one, for the child whom they mean. NULL of any other, of
-- one to whom no number and no shield led them (registry_identity_may_know), and of one whose record is closed.
CREATE OR REPLACE FUNCTION registry_identity_who() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'identity.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'a request for a new identity is read after the event that says so' USING ERRCODE = 'CP001';
    END IF;
    RETURN (
        SELECT json_build_object(
            'shielded', true,
            'child', json_build_object(
                'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
                'date_of_birth', child.date_of_birth, 'date_of_death', NULL, 'assessment', NULL,
                'responsible_authority_id', NULL
            ),
            'names', (
                SELECT json_agg(json_build_object(
                    'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
                )) FROM public.registry_childname AS row WHERE row.child_id = child.id AND row.kind = 'legal'
            ),
            'addresses', NULL, 'numbers', NULL, 'guardians', NULL, 'involvements', NULL
        )
        FROM public.registry_child AS child
        WHERE child.id = ticket.child_id AND public.registry_identity_may_know(ticket, child)
    );
END
$$;
