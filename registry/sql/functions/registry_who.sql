-- Who a child is, in the form of registry_read: name, birth, gender and number, which is all that is told of a shielded one.
-- Whether somebody may be told is asked by whoever calls it.
CREATE OR REPLACE FUNCTION registry_who(child registry_child) RETURNS json LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
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
$$;
