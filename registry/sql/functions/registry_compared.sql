-- What a child can be compared by, in the form of registry_read: with another record, or with a row that a supplier sent. Names,
-- homes, numbers and guardians, and no service, which nobody needs for it; with `opened` false, as of a shielded one, nothing but
-- who the child is. Whether somebody may be told is asked by whoever calls it.
CREATE OR REPLACE FUNCTION registry_compared(child registry_child, opened boolean) RETURNS json LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT json_build_object(
        'shielded', NOT opened,
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth, 'date_of_death', CASE WHEN opened THEN child.date_of_death END,
            'assessment', NULL, 'responsible_authority_id', NULL
        ),
        'names', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childname AS row WHERE row.child_id = child.id AND (row.kind = 'legal' OR opened)
        ),
        'addresses', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'present', row.present, 'details', row.details
            ) ORDER BY row.present DESC, row.id DESC)
            FROM public.registry_childaddress AS row WHERE opened AND row.child_id = child.id
        ),
        'numbers', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childnumber AS row WHERE opened AND row.child_id = child.id
        ),
        'guardians', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_guardian AS row WHERE opened AND row.child_id = child.id
        ),
        'involvements', NULL
    )
$$;
