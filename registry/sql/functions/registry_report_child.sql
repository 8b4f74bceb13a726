-- Whom a report is about, after the event that says that it is read (report.read): who the child is, and what the record says in
-- the part that is reported, with what records under it say; nothing of that where a shield hides it. Of services all, since
-- which they are is sealed: the process leaves out those that are not of the part, and every sensitive one
-- (registry/rules/parts.py).
CREATE OR REPLACE FUNCTION registry_report_child() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    part text;
    child public.registry_child;
    records bigint[];
BEGIN
    IF (ticket.kind = 'report.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of reports is recorded first' USING ERRCODE = 'CP001';
    END IF;
    SELECT CASE WHEN one.hidden THEN '' ELSE one.part END INTO part FROM public.registry_reports() AS one;
    SELECT * INTO child FROM public.registry_child WHERE id = ticket.child_id;
    IF part IS NULL OR child.id IS NULL THEN
        RETURN NULL;
    END IF;
    records := public.registry_together(child.id);
    RETURN json_build_object(
        'shielded', public.registry_shielded_together(child.id),
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth,
            'date_of_death', CASE WHEN part = 'wrong_death' THEN child.date_of_death END
        ),
        'names', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details,
                'kind', CASE WHEN row.kind = 'legal' AND row.child_id <> child.id THEN 'known_as' ELSE row.kind END
            ) ORDER BY row.child_id <> child.id, row.id)
            FROM public.registry_childname AS row
            WHERE row.child_id = child.id AND row.kind = 'legal'
                OR part = 'wrong_name' AND row.child_id = ANY (records) AND NOT public.registry_shielded_together(child.id)
        ),
        'addresses', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'present', row.present AND row.child_id = child.id,
                'details', row.details
            ) ORDER BY row.present AND row.child_id = child.id DESC, row.id DESC)
            FROM public.registry_childaddress AS row WHERE part = 'wrong_address' AND row.child_id = ANY (records)
        ),
        'numbers', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childnumber AS row
            WHERE row.child_id = ANY (records)
                AND row.kind = CASE part WHEN 'wrong_nhs_number' THEN 'nhs' WHEN 'wrong_pupil_number' THEN 'upn' END
        ),
        'guardians', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_guardian AS row WHERE part = 'wrong_guardians' AND row.child_id = ANY (records)
        ),
        'involvements', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'lead', false, 'details', row.details, 'withdrawal', NULL
            ) ORDER BY row.id)
            FROM public.registry_involvement AS row
            WHERE part IN ('wrong_school', 'wrong_practice', 'wrong_service') AND row.child_id = ANY (records)
                AND row.withdrawal IS NULL
        )
    );
END
$$;
