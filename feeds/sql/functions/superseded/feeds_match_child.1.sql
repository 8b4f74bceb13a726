-- The child whom a row is held against, after the event that says that it is read (match.read), to those who answer for the
-- record and have such a match to decide. Of a shielded child who they are, as registry_read tells it, and no more; of others
-- what a row can be held against: names, homes, numbers and guardians, and no service. NULL of a record that nobody sees.
CREATE OR REPLACE FUNCTION feeds_match_child() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    child public.registry_child;
    shielded boolean;
BEGIN
    IF (ticket.kind = 'match.read') IS NOT TRUE OR NOT EXISTS (SELECT FROM public.feeds_matches()) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = ticket.child_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    shielded := EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child.id AND shield.ended_on IS NULL
    );
    RETURN json_build_object(
        'shielded', shielded,
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth,
            'date_of_death', CASE WHEN NOT shielded THEN child.date_of_death END
        ),
        'names', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id) FROM public.registry_childname AS row
            WHERE row.child_id = child.id AND (NOT shielded OR row.kind = 'legal')
        ),
        'addresses', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'present', row.present, 'details', row.details
            ) ORDER BY row.present DESC, row.id) FROM public.registry_childaddress AS row
            WHERE row.child_id = child.id AND NOT shielded
        ),
        'numbers', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id) FROM public.registry_childnumber AS row WHERE row.child_id = child.id AND NOT shielded
        ),
        'guardians', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details
            ) ORDER BY row.id) FROM public.registry_guardian AS row WHERE row.child_id = child.id AND NOT shielded
        ),
        'involvements', NULL
    );
END
$$;
