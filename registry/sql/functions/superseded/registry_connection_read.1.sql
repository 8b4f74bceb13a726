-- What whoever makes a connection reads of the child, with a committed connection.read: who it is, and while a request is
-- open, who works with them. All of their services: which of them are sensitive is sealed, and the process leaves out the
-- others (registry/policies/disclosure.py). Of a shielded child no service at all, as of its record. NULL where nobody asked,
-- but the reader themselves, or another authority answers for the record.
CREATE OR REPLACE FUNCTION registry_connection_read(event bigint, presented text) RETURNS json LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event;
    child public.registry_child;
    shielded boolean;
    waits boolean;
BEGIN
    PERFORM public.access_show_ticket(event, presented);
    ticket := public.audit_ticket();
    IF (ticket.kind = 'connection.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of connections is recorded first' USING ERRCODE = 'CP001';
    END IF;
    SELECT bool_or(one.closed_at IS NULL) INTO waits FROM public.registry_connections() AS one;
    IF waits IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = ticket.child_id;
    shielded := EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child.id AND shield.ended_on IS NULL
    );
    RETURN json_build_object(
        'shielded', shielded,
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth, 'date_of_death', NULL
        ),
        'names', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childname AS row WHERE row.child_id = child.id AND row.kind = 'legal'
        ),
        'involvements', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'lead', false, 'details', row.details, 'withdrawal', NULL
            ) ORDER BY row.id)
            FROM public.registry_involvement AS row
            WHERE waits AND NOT shielded AND row.child_id = child.id AND row.withdrawal IS NULL
        )
    );
END
$$;
